//! One task of the module, read: where, who, and what is wanted of one client.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::option::{self, Opt, Part};
use crate::connection::{
    CallError, ClientProof, Connection, ConnectionSettings, Login, LoginGrant, Session, Verify,
};

/// One task: the options of Ansible's module `keycloak_client`.
#[derive(Clone, Debug)]
pub struct ModuleTask {
    /// Where, and who.
    pub access: Access,
    /// What is wanted.
    pub wanted: WantedClient,
}

/// Where the server is, and the login. All of it may come from elsewhere.
#[derive(Clone, Debug)]
pub struct Access {
    /// The server's address.
    pub url: Option<String>,
    /// The realm of the login.
    pub realm: Option<String>,
    /// The client of the login.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Option<SecretString>,
    /// The user.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<SecretString>,
    /// An access token from elsewhere.
    pub token: Option<SecretString>,
    /// A refresh token from elsewhere.
    pub refresh_token: Option<SecretString>,
    /// Whether certificates are verified.
    pub verify: bool,
    /// The longest a call may take.
    pub timeout: Duration,
    /// The header field `User-Agent`.
    pub agent: Option<String>,
}

/// What is wanted of one client.
#[derive(Clone, Debug)]
pub struct WantedClient {
    /// The realm of the client.
    pub realm: String,
    /// Whether it shall be there.
    pub present: bool,
    /// Found by its id, if that is given.
    pub id: Option<String>,
    /// Found by this name otherwise; with an id it is the new name.
    pub client_id: Option<String>,
    /// What was given of the representation, by Keycloak's names.
    pub fields: Map<String, Value>,
    /// What is done about client scopes.
    pub scopes: ScopesBehavior,
    /// Mappers that shall be there beside those that are: no option of the module.
    pub added_mappers: Vec<Value>,
    /// It is not made where it is not there: no option of the module.
    pub must_exist: bool,
}

/// What the lists of client scopes mean for a client that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopesBehavior {
    /// Nothing.
    #[default]
    Ignore,
    /// Those listed are added.
    Patch,
    /// Just those listed.
    Idempotent,
}

/// A task that cannot be read: every fault, one each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct TaskError(pub Vec<String>);

impl ModuleTask {
    /// Reads the options, by name or alias. Every fault is in the error.
    pub fn read(options: &Map<String, Value>) -> Result<Self, TaskError> {
        let mut faults = Vec::new();
        let mut read: Vec<(&'static Opt, Value)> = Vec::new();
        for (name, value) in options {
            let Some(option) = option::find(name) else {
                let hint = option::nearest(name).map(|near| format!("; did you mean `{near}`?"));
                faults.push(format!("there is no option `{name}`{}", hint.unwrap_or_default()));
                continue;
            };
            // An option without a value is not given.
            if value.is_null() {
                continue;
            }
            if read.iter().any(|(own, _)| own.name == option.name) {
                faults.push(format!("`{}` is given twice, once as `{name}`", option.name));
                continue;
            }
            match option.kind.read(value) {
                Ok(value) => read.push((option, value)),
                Err(expected) => faults.push(format!("`{name}`: {expected}")),
            }
        }
        let given = Given(&read);
        let wanted = WantedClient::of(&given);
        if wanted.id.is_none() && wanted.client_id.is_none() {
            faults.push("one of `client_id` and `id` is needed".to_owned());
        }
        let access = Access::of(&given);
        if let Some(url) = &access.url
            && !url.starts_with("http")
        {
            faults.push("`auth_keycloak_url` has to start with `http`".to_owned());
        }
        if faults.is_empty() { Ok(Self { access, wanted }) } else { Err(TaskError(faults)) }
    }
}

/// The options that were given.
struct Given<'a>(&'a [(&'static Opt, Value)]);

impl Given<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(option, _)| option.name == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }
}

impl Access {
    fn of(given: &Given<'_>) -> Self {
        let timeout = given.value("connection_timeout").and_then(Value::as_u64).unwrap_or(10).max(1);
        Self {
            url: given.text("auth_keycloak_url"),
            realm: given.text("auth_realm"),
            client_id: given.text("auth_client_id").unwrap_or_else(|| "admin-cli".to_owned()),
            client_secret: given.secret("auth_client_secret"),
            username: given.text("auth_username"),
            password: given.secret("auth_password"),
            token: given.secret("token"),
            refresh_token: given.secret("refresh_token"),
            verify: given.value("validate_certs").and_then(Value::as_bool).unwrap_or(true),
            timeout: Duration::from_secs(timeout),
            agent: given.text("http_agent"),
        }
    }

    /// The session: by the given token, else as the client if it has a secret and there is no user, else as the user.
    pub fn open(&self) -> Result<Session, AccessError> {
        let url = self.url.as_deref().ok_or(AccessError::Missing("auth_keycloak_url"))?;
        let mut settings = ConnectionSettings::new(url);
        settings.timeout = self.timeout;
        settings.verify = if self.verify { Verify::System } else { Verify::Nothing };
        settings.headers.extend(self.agent.clone().map(|agent| ("user-agent".to_owned(), agent)));
        let proof = match &self.client_secret {
            Some(secret) => ClientProof::SecretPost(secret.clone()),
            None => ClientProof::Public,
        };
        let grant = if let Some(token) = &self.token {
            LoginGrant::Token(token.clone())
        } else if let Some(refresh) = &self.refresh_token {
            LoginGrant::RefreshToken(refresh.clone())
        } else if self.client_secret.is_some() && self.username.is_none() {
            LoginGrant::ClientCredentials
        } else {
            LoginGrant::Password {
                username: self.username.clone().ok_or(AccessError::Missing("auth_username"))?,
                password: self.password.clone().ok_or(AccessError::Missing("auth_password"))?,
                totp: None,
            }
        };
        let realm = match (&self.realm, &grant) {
            (Some(realm), _) => realm.clone(),
            (None, LoginGrant::Token(_)) => String::new(),
            (None, _) => return Err(AccessError::Missing("auth_realm")),
        };
        let login = Login { realm, client_id: self.client_id.clone(), proof, grant, scope: String::new() };
        Ok(Session::new(Connection::open(settings)?, login))
    }
}

/// Why there is no session.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AccessError {
    /// An option that the login needs.
    #[error("`{0}` is needed to log in")]
    Missing(&'static str),
    /// A setting that is wrong.
    #[error(transparent)]
    Connection(#[from] CallError),
}

impl WantedClient {
    fn of(given: &Given<'_>) -> Self {
        let fields = given
            .0
            .iter()
            .filter(|(option, _)| option.part == Part::Client)
            .map(|(option, value)| (option.alias.unwrap_or(option.name).to_owned(), value.clone()));
        let fields: Map<String, Value> = fields.collect();
        Self {
            realm: given.text("realm").unwrap_or_else(|| "master".to_owned()),
            present: given.text("state").is_none_or(|state| state == "present"),
            id: given.text("id"),
            client_id: given.text("client_id"),
            scopes: match given.text("client_scopes_behavior").as_deref() {
                Some("patch") => ScopesBehavior::Patch,
                Some("idempotent") => ScopesBehavior::Idempotent,
                _ => ScopesBehavior::Ignore,
            },
            fields,
            added_mappers: Vec::new(),
            must_exist: false,
        }
    }

    /// What it is called in messages: the name, else the id.
    pub fn label(&self) -> &str {
        self.client_id.as_deref().or(self.id.as_deref()).unwrap_or_default()
    }
}

//! Where the server is, and the login: from options of the module, from a file, from the environment.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::task::Given;
use super::variable;
use crate::connection::{
    CallError, ClientProof, Connection, ConnectionSettings, Login, LoginGrant, Session, Verify,
};

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

impl Access {
    /// Reads the options of the module that are about the login. Every fault is given beside.
    pub(super) fn read(options: &Map<String, Value>) -> (Self, Vec<String>) {
        let (given, mut faults) = Given::read(options);
        let access = Self::of(&given);
        faults.extend(access.fault());
        (access, faults)
    }

    pub(super) fn of(given: &Given) -> Self {
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

    /// What is wrong with it.
    pub(super) fn fault(&self) -> Option<String> {
        let is_wrong = self.url.as_ref().is_some_and(|url| !url.starts_with("http"));
        is_wrong.then(|| "`auth_keycloak_url` has to start with `http`".to_owned())
    }

    /// Takes from the environment what is not given: where the server is, and the login as a whole if nobody is named.
    pub fn or_from(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        let secret = |name: &str| get(name).map(SecretString::from);
        self.url = self.url.or_else(|| get(variable::SERVER));
        let is_named = self.username.is_some() || self.token.is_some() || self.refresh_token.is_some();
        if is_named || self.client_secret.is_some() {
            self.password = self.password.or_else(|| secret(variable::PASSWORD));
            return self;
        }
        self.client_id = get(variable::CLIENT_ID).unwrap_or(self.client_id);
        self.client_secret = secret(variable::CLIENT_SECRET);
        self.username = get(variable::USER);
        self.password = self.password.or_else(|| secret(variable::PASSWORD));
        self.realm = self.realm.or_else(|| get(variable::LOGIN_REALM)).or_else(|| Some("master".to_owned()));
        self
    }

    /// Nobody, nowhere: for all to come from elsewhere.
    pub fn nobody() -> Self {
        Self::read(&Map::new()).0
    }

    /// The session, over a connection of its own. Makes no call.
    pub fn open(&self) -> Result<Session, AccessError> {
        let url = self.url.as_deref().ok_or(AccessError::Missing("auth_keycloak_url"))?;
        let mut settings = ConnectionSettings::new(url);
        settings.timeout = self.timeout;
        settings.verify = if self.verify { Verify::System } else { Verify::Nothing };
        settings.headers.extend(self.agent.clone().map(|agent| ("user-agent".to_owned(), agent)));
        let login = self.login()?;
        Ok(Session::new(Connection::open(settings)?, login))
    }

    /// The login: by the given token, else as the client if it has a secret and there is no user, else as the user.
    pub fn login(&self) -> Result<Login, AccessError> {
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
        let client_id = self.client_id.clone();
        Ok(Login { realm, client_id, proof, grant, scope: String::new() })
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

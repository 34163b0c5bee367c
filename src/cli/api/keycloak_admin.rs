//! `KeycloakAdmin`: a login, its properties, and the way to the methods.

mod properties;

use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::admin::{self, Scene};
use super::args::Args;
use super::failure::Failure;
use super::raw::{self, Data};
use super::settings::settings;
use crate::admin::AdminClient;
use crate::connection::{ClientProof, Connection, ConnectionSettings, Login, LoginGrant, Method, Session};

/// The realm of a login that names none.
const MASTER: &str = "master";

/// An administrator by python-keycloak's names.
pub(in crate::cli) struct KeycloakAdmin {
    settings: ConnectionSettings,
    /// The realm that all calls act on.
    realm_name: String,
    user_realm_name: Option<String>,
    /// The realm of the login: that of the last `get_token`, wherever the calls have gone since.
    login_realm: String,
    client_id: String,
    client_secret_key: Option<SecretString>,
    username: Option<String>,
    password: Option<SecretString>,
    totp: Option<String>,
    /// The verbs that are repeated with a new token after a 401.
    auto_refresh_token: Vec<Method>,
    client: AdminClient,
}

impl KeycloakAdmin {
    /// Logs in at once, unless a `token` is given, or nothing to log in with.
    pub(super) async fn new(args: Args<'_>) -> Result<Self, Failure> {
        let text = |name: &str| args.optional_text(name).map(|text| text.map(str::to_owned));
        let settings = settings(args, args.text("server_url")?, "custom_headers")?;
        let anonymous = login(MASTER, "", ClientProof::Public, LoginGrant::Anonymous);
        let client = AdminClient::connect(settings.clone(), anonymous)?;
        let mut admin = Self {
            settings,
            realm_name: text("realm_name")?.unwrap_or_else(|| MASTER.to_owned()),
            user_realm_name: text("user_realm_name")?,
            login_realm: MASTER.to_owned(),
            client_id: text("client_id")?.unwrap_or_else(|| "admin-cli".to_owned()),
            client_secret_key: text("client_secret_key")?.map(SecretString::from),
            username: text("username")?,
            password: text("password")?.map(SecretString::from),
            totp: args.optional("totp").map(properties::code),
            auto_refresh_token: properties::verbs(args.optional("auto_refresh_token"))?,
            client,
        };
        match args.optional("token") {
            Some(token) => {
                admin.login_realm = admin.realm_of_login();
                admin.client = admin.connect()?;
                admin.use_token(token)?;
            }
            None => admin.get_token().await?,
        }
        Ok(admin)
    }

    /// One that is logged in, or will be, and acts on this realm.
    pub(in crate::cli) fn of(client: AdminClient, realm_name: &str) -> Self {
        let login = client.session().login();
        Self {
            settings: client.session().connection().settings().clone(),
            realm_name: realm_name.to_owned(),
            user_realm_name: Some(login.realm.clone()),
            login_realm: login.realm.clone(),
            client_id: login.client_id.clone(),
            client_secret_key: None,
            username: None,
            password: None,
            totp: None,
            auto_refresh_token: vec![Method::Get, Method::Post, Method::Put, Method::Delete],
            client,
        }
    }

    /// The same as [`Self::call`] with these arguments. The login is the caller's matter, and can only be renewed.
    pub(in crate::cli) async fn call_with(
        &mut self,
        method: &str,
        args: &Map<String, Value>,
    ) -> Result<Value, Failure> {
        let method = if method == "get_token" { "refresh_token" } else { method };
        self.call(method, Args::new(args)).await
    }

    /// Calls a method.
    pub(super) async fn call(&mut self, method: &str, args: Args<'_>) -> Result<Value, Failure> {
        if let Some(verb) = raw::verb(method) {
            let request = raw::request(verb, &self.settings.base_url, args, self.data())?;
            return Ok(raw::answer(&self.client.session().send(&request).await?));
        }
        match method {
            "get_token" => self.get_token().await?,
            "refresh_token" => self.client.session().renew().await?,
            "get_current_realm" => return Ok(json!(self.realm_name)),
            "change_current_realm" => args.text("realm_name")?.clone_into(&mut self.realm_name),
            _ => {
                let scene = Scene { admin: &self.client, realm: self.client.realm(&self.realm_name) };
                return admin::call(&scene, method, args).await;
            }
        }
        Ok(Value::Null)
    }

    /// Replaces the access token by one that no server takes.
    pub(super) fn break_token(&self) -> Result<(), Failure> {
        let mut token = match self.client.session().token_answer() {
            Some(token @ Value::Object(_)) => token,
            _ => json!({}),
        };
        if let Some(members) = token.as_object_mut() {
            members.insert("access_token".to_owned(), json!("broken"));
        }
        Ok(self.client.session().use_token(token)?)
    }

    /// A new login, in the realm that the properties name now.
    async fn get_token(&mut self) -> Result<(), Failure> {
        self.login_realm = self.realm_of_login();
        let client = self.connect()?;
        if !matches!(client.session().login().grant, LoginGrant::Anonymous) {
            client.session().access_token().await?;
        }
        self.client = client;
        Ok(())
    }

    /// Uses a token of somebody else's login: a whole answer of a token endpoint, or the access token alone.
    fn use_token(&self, token: &Value) -> Result<(), Failure> {
        let answer = match token {
            Value::String(access) => json!({ "access_token": access }),
            Value::Object(_) => token.clone(),
            _ => return Err(Failure::Argument("`token` is not an object".to_owned())),
        };
        Ok(self.client.session().use_token(answer)?)
    }

    /// The same token, under the properties as they are now.
    fn reconnect(&mut self) -> Result<(), Failure> {
        let connection = Connection::open(self.settings.clone())?;
        let session = self.client.session().moved(connection, self.login());
        self.client = AdminClient::new(session.repeating(&self.auto_refresh_token));
        Ok(())
    }

    fn connect(&self) -> Result<AdminClient, Failure> {
        let session = Session::new(Connection::open(self.settings.clone())?, self.login());
        Ok(AdminClient::new(session.repeating(&self.auto_refresh_token)))
    }

    fn login(&self) -> Login {
        let grant = match (&self.client_secret_key, &self.username, &self.password) {
            (Some(_), ..) => LoginGrant::ClientCredentials,
            (None, Some(username), Some(password)) => LoginGrant::Password {
                username: username.clone(),
                password: password.clone(),
                totp: self.totp.clone(),
            },
            _ => LoginGrant::Anonymous,
        };
        let proof = self.client_secret_key.clone().map_or(ClientProof::Public, ClientProof::SecretPost);
        login(&self.login_realm, &self.client_id, proof, grant)
    }

    fn realm_of_login(&self) -> String {
        self.user_realm_name.clone().unwrap_or_else(|| self.realm_name.clone())
    }

    /// python-keycloak sends JSON unless the header fields of its user say otherwise.
    fn data(&self) -> Data {
        let is_form = |(name, value): (&String, &String)| {
            name.eq_ignore_ascii_case("content-type") && value.contains("x-www-form-urlencoded")
        };
        if self.settings.headers.iter().any(is_form) { Data::Form } else { Data::Json }
    }
}

fn login(realm: &str, client_id: &str, proof: ClientProof, grant: LoginGrant) -> Login {
    Login { realm: realm.to_owned(), client_id: client_id.to_owned(), proof, grant, scope: String::new() }
}

//! Which server, and as whom: from flags and environment, a stored login, or the gateway's own client.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::context::Context;
use super::input::text_of;
use crate::admin::AdminClient;
use crate::bootstrap::variable;
use crate::config::{self, ClientAuthMethod};
use crate::connection::{
    CallError, ClientProof, Connection, ConnectionSettings, Login, LoginGrant, Session, Verify,
};
use crate::oidc::{realm_name, split_realm};

/// Which server, and as whom.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server and login")]
pub(super) struct AccessArgs {
    /// The server's address; without it the stored login is used
    #[arg(long, global = true, value_name = "URL", env = variable::SERVER)]
    pub(super) server: Option<String>,
    /// The realm to act on
    #[arg(long, short, global = true, value_name = "REALM", env = variable::REALM)]
    pub(super) realm: Option<String>,
    /// The realm to log in to
    #[arg(
        long,
        global = true,
        value_name = "REALM",
        env = variable::LOGIN_REALM,
        default_value = "master"
    )]
    login_realm: String,
    /// The client to log in with
    #[arg(
        long,
        global = true,
        value_name = "ID",
        env = variable::CLIENT_ID,
        default_value = "admin-cli"
    )]
    client_id: String,
    /// A file with the client's secret, or `GATECLOAK_ADMIN_CLIENT_SECRET`
    #[arg(long, global = true, value_name = "FILE")]
    client_secret_file: Option<String>,
    /// The user to log in as; without one the client logs in with its own account
    #[arg(long, short, global = true, value_name = "NAME", env = variable::USER)]
    username: Option<String>,
    /// A file with the user's password (`-` is standard input), or `GATECLOAK_ADMIN_PASSWORD`
    #[arg(long, global = true, value_name = "FILE")]
    password_file: Option<String>,
    /// A gateway's configuration, whose client logs in to its realm
    #[arg(long, global = true, value_name = "FILE", conflicts_with_all = ["server", "username"])]
    config: Option<PathBuf>,
    /// The authorities (PEM) that the server's certificate is from
    #[arg(long, global = true, value_name = "FILE", env = variable::CA)]
    ca: Option<PathBuf>,
    /// Take any certificate: whoever is between can read and change everything
    #[arg(long, global = true, conflicts_with = "ca")]
    insecure: bool,
    /// The longest a call may take, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
}

/// A client, the realm to act on, and the stored login that it came from.
pub(super) struct Access {
    pub(super) client: AdminClient,
    pub(super) realm: String,
    pub(super) context: Option<Context>,
}

impl AccessArgs {
    /// Makes no call.
    pub(super) fn open(&self) -> Result<Access, String> {
        if let Some(file) = &self.config {
            return self.of_gateway(file);
        }
        if let Some(server) = &self.server {
            let realm = self.realm.clone().unwrap_or_else(|| self.login_realm.clone());
            return self.access(server, realm, self.login()?, self.ca.as_ref(), None);
        }
        let Some(context) = Context::load()? else {
            return Err("no server is named, and no login is stored\n\
                        hint: `--server URL --username NAME`, or `gatecloak admin login` before"
                .to_owned());
        };
        let login = Login {
            realm: context.login_realm.clone(),
            client_id: context.client_id.clone(),
            proof: ClientProof::Public,
            grant: LoginGrant::RefreshToken(SecretString::from(context.refresh_token.clone())),
            scope: String::new(),
        };
        let (server, ca) = (context.server.clone(), self.ca.clone().or_else(|| context.ca.clone()));
        let realm = self.realm.clone().unwrap_or_else(|| context.realm.clone());
        self.access(&server, realm, login, ca.as_ref(), Some(context))
    }

    /// What is to be stored after a login.
    pub(super) fn context(&self, access: &Access) -> Result<Context, String> {
        let refresh_token = refresh_token(access).ok_or(
            "the server gave no refresh token, so that there is nothing to store\n\
             hint: log in as a user, with a public client",
        )?;
        Ok(Context {
            server: access.client.session().connection().settings().base_url.clone(),
            realm: access.realm.clone(),
            login_realm: self.login_realm.clone(),
            client_id: self.client_id.clone(),
            refresh_token,
            ca: self.ca.clone(),
        })
    }

    fn login(&self) -> Result<Login, String> {
        let secret = secret(self.client_secret_file.as_deref(), variable::CLIENT_SECRET)?;
        let grant = match &self.username {
            Some(username) => {
                let password = secret_or_hint(self.password_file.as_deref())?;
                LoginGrant::Password { username: username.clone(), password, totp: None }
            }
            None if secret.is_some() => LoginGrant::ClientCredentials,
            None => {
                return Err("there is nobody to log in as\n\
                            hint: `--username NAME`, or a client with its secret"
                    .to_owned());
            }
        };
        Ok(Login {
            realm: self.login_realm.clone(),
            client_id: self.client_id.clone(),
            proof: secret.map_or(ClientProof::Public, ClientProof::SecretPost),
            grant,
            scope: String::new(),
        })
    }

    /// The client of the first provider.
    fn of_gateway(&self, file: &Path) -> Result<Access, String> {
        let loaded = config::load(file, &[])
            .map_err(|_| format!("`{}` is not valid\nhint: `gatecloak check` says why", file.display()))?;
        let provider = loaded.config.providers.values().next();
        let provider = provider.ok_or_else(|| format!("`{}` has no provider", file.display()))?;
        let issuer = provider.internal_url.as_ref().unwrap_or(&provider.issuer);
        let not_a_realm = || format!("the issuer `{issuer}` is not a realm of Keycloak");
        let (server, _) = split_realm(issuer).ok_or_else(not_a_realm)?;
        let realm = realm_name(issuer).ok_or_else(not_a_realm)?;
        let secret =
            provider.client_secret.as_ref().ok_or("the gateway's client has no secret to log in with")?;
        let secret = secret.read(loaded.folder())?;
        let proof = match provider.client_auth {
            ClientAuthMethod::ClientSecretBasic => ClientProof::SecretBasic(secret),
            ClientAuthMethod::ClientSecretPost => ClientProof::SecretPost(secret),
        };
        let login = Login {
            realm: realm.clone(),
            client_id: provider.client_id.clone(),
            proof,
            grant: LoginGrant::ClientCredentials,
            scope: String::new(),
        };
        let target = self.realm.clone().unwrap_or(realm);
        self.access(server, target, login, self.ca.as_ref().or(provider.ca.as_ref()), None)
    }

    fn access(
        &self,
        server: &str,
        realm: String,
        login: Login,
        ca: Option<&PathBuf>,
        context: Option<Context>,
    ) -> Result<Access, String> {
        let mut settings = ConnectionSettings::new(server);
        settings.timeout = Duration::from_secs(self.timeout.max(1));
        settings.verify = match ca {
            _ if self.insecure => Verify::Nothing,
            Some(file) => Verify::Authorities(file.clone()),
            None => Verify::System,
        };
        let said = |error: CallError| error.to_string();
        let session = Session::new(Connection::open(settings).map_err(said)?, login);
        Ok(Access { client: AdminClient::new(session), realm, context })
    }
}

impl Access {
    /// Keeps a refresh token that the server gave in place of the stored one.
    pub(super) fn keep(mut self) -> Result<(), String> {
        let new = refresh_token(&self);
        match (&mut self.context, new) {
            (Some(context), Some(new)) if context.refresh_token != new => {
                context.refresh_token = new;
                context.store().map(drop)
            }
            _ => Ok(()),
        }
    }
}

fn refresh_token(access: &Access) -> Option<String> {
    let answer = access.client.session().token_answer()?;
    answer.get("refresh_token").and_then(Value::as_str).map(str::to_owned)
}

fn secret_or_hint(file: Option<&str>) -> Result<SecretString, String> {
    secret(file, variable::PASSWORD)?.ok_or_else(|| {
        format!("there is no password\nhint: `--password-file FILE` or `{}`", variable::PASSWORD)
    })
}

/// From the file, else from the variable; one trailing line break is cut.
fn secret(file: Option<&str>, variable: &str) -> Result<Option<SecretString>, String> {
    let text = match file {
        Some(file) => Some(text_of(file)?),
        None => std::env::var(variable).ok(),
    };
    let text = text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(text.filter(|text| !text.is_empty()).map(SecretString::from))
}

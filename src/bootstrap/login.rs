//! The login of `[bootstrap]`, and waiting for the server.

use std::path::Path;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::derive;
use super::error::BootstrapError;
use super::task::TaskError;
use crate::config::{BootstrapLoginConfig, Config, SecretRef};
use crate::connection::{
    ClientProof, Connection, ConnectionSettings, ErrorClass, Login, LoginGrant, Method, Request, Session,
    Verify,
};
use crate::oidc::split_realm;

/// Between two looks at a server that does not answer yet.
const PAUSE: Duration = Duration::from_millis(500);

/// A session by `[bootstrap]`; makes no call. Relative paths start at `folder`.
pub fn session(config: &Config, folder: &Path) -> Result<Session, TaskError> {
    let (_, provider) = derive::provider(config)?;
    let login = login(&config.bootstrap.login, &derive::realm(provider)?, folder)?;
    let settings = settings(config, folder)?;
    let connection = Connection::open(settings).map_err(|error| TaskError(vec![error.to_string()]))?;
    Ok(Session::new(connection, login))
}

/// The client that logs in, if `[bootstrap.login]` names none.
pub const CLIENT: &str = "gatecloak-bootstrap";

/// How the server is reached by `[bootstrap]`.
pub fn settings(config: &Config, folder: &Path) -> Result<ConnectionSettings, TaskError> {
    let (_, provider) = derive::provider(config)?;
    let reached = provider.internal_url.as_ref().unwrap_or(&provider.issuer);
    let before = split_realm(reached).map(|(before, _)| before.to_owned());
    let url = config.bootstrap.url.clone().or(before).unwrap_or_default();
    let mut settings = ConnectionSettings::new(url);
    if let Some(ca) = &provider.ca {
        settings.verify = Verify::Authorities(folder.join(ca));
    }
    Ok(settings)
}

fn login(config: &BootstrapLoginConfig, realm: &str, folder: &Path) -> Result<Login, TaskError> {
    let secret = |key: &str, reference: &SecretRef| -> Result<SecretString, TaskError> {
        reference.read(folder).map_err(|fact| TaskError(vec![format!("`bootstrap.login.{key}`: {fact}")]))
    };
    let client_secret = config.client_secret.as_ref().map(|own| secret("client_secret", own)).transpose()?;
    let password = config.password.as_ref().map(|own| secret("password", own)).transpose()?;
    let grant = match (&config.username, password, &client_secret) {
        (Some(username), Some(password), _) => {
            LoginGrant::Password { username: username.clone(), password, totp: None }
        }
        (None, None, Some(_)) => LoginGrant::ClientCredentials,
        (Some(_), None, _) => {
            return Err(TaskError(vec!["`bootstrap.login`: `username` without `password`".to_owned()]));
        }
        (None, Some(_), _) => {
            return Err(TaskError(vec!["`bootstrap.login`: `password` without `username`".to_owned()]));
        }
        (None, None, None) => {
            let fact = "`bootstrap.login` is missing: `client_secret`, or `username` and `password`";
            return Err(TaskError(vec![fact.to_owned()]));
        }
    };
    let usual = if matches!(grant, LoginGrant::ClientCredentials) { CLIENT } else { "admin-cli" };
    Ok(Login {
        realm: config.realm.clone().unwrap_or_else(|| realm.to_owned()),
        client_id: config.client_id.clone().unwrap_or_else(|| usual.to_owned()),
        proof: client_secret.map_or(ClientProof::Public, ClientProof::SecretPost),
        grant,
        scope: String::new(),
    })
}

/// Waits until the server answers for the realm of the login. Gives what it last said if it did not in that time.
pub async fn wait(session: &Session, longest: Duration) -> Result<(), BootstrapError> {
    let begin = Instant::now();
    let realm = crate::connection::encode_segment(&session.login().realm);
    let request = Request::new(Method::Get, format!("realms/{realm}"));
    loop {
        let said = match session.connection().send(&request).await {
            Ok(answer) if answer.status < 500 => return Ok(()),
            Ok(answer) => BootstrapError::Unready(answer.status),
            Err(error) if error.class() == ErrorClass::Connection => error.into(),
            Err(error) => return Err(error.into()),
        };
        if begin.elapsed() >= longest {
            return Err(said);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

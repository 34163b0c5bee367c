//! The secret of a client, and a file for it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::derive;
use super::error::BootstrapError;
use crate::admin::Realm;
use crate::config::Config;

/// Writes the secret of the gateway's client into a file that only its owner can read. The error is for people.
pub async fn write(realm: &Realm, config: &Config, path: &Path) -> Result<(), String> {
    let (_, provider) = derive::provider(config).map_err(|error| error.to_string())?;
    let secret = of(realm, &provider.client_id).await.map_err(|error| error.to_string())?;
    store(&secret, path)
}

/// Writes a secret into a file that only its owner can read. The file is replaced as a whole, so that nobody reads a half.
/// The error is for people.
pub fn store(secret: &SecretString, path: &Path) -> Result<(), String> {
    replace(path, secret.expose_secret().as_bytes())
        .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}

/// The secret of a client.
pub(super) async fn of(realm: &Realm, client_id: &str) -> Result<SecretString, BootstrapError> {
    let clients = realm.clients();
    let id = clients.id(client_id).await?.ok_or_else(|| BootstrapError::NoClient(client_id.to_owned()))?;
    let secret = clients.secret(&id).await?;
    let secret = secret.get("value").and_then(Value::as_str);
    secret.map(SecretString::from).ok_or_else(|| BootstrapError::NoSecret(client_id.to_owned()))
}

fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    // One that is left from before may have other permissions.
    let _ = std::fs::remove_file(beside);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(beside, path)
}

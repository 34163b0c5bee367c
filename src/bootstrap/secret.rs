//! The secret of the gateway's client, for the gateway to read.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::Value;

use super::derive;
use crate::admin::Realm;
use crate::config::Config;

/// Writes the secret of the gateway's client into a file that only its owner can read. The file is replaced as a whole, so
/// that nobody reads a half. The error is for people.
pub async fn write(realm: &Realm, config: &Config, path: &Path) -> Result<(), String> {
    let (_, provider) = derive::provider(config).map_err(|error| error.to_string())?;
    let clients = realm.clients();
    let id = clients.id(&provider.client_id).await.map_err(|error| error.to_string())?;
    let id = id.ok_or_else(|| format!("there is no client `{}`", provider.client_id))?;
    let secret = clients.secret(&id).await.map_err(|error| error.to_string())?;
    let secret = secret.get("value").and_then(Value::as_str);
    let secret = secret.ok_or_else(|| format!("the client `{}` has no secret", provider.client_id))?;
    replace(path, secret.as_bytes())
        .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
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

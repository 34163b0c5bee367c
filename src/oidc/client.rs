//! The client for one realm.

use std::path::Path;

use bytes::Bytes;

use super::OidcError;
use super::client_auth::ClientAuth;
use super::discovery::Endpoints;
use super::grant::OwnToken;
use super::http::{Call, Http, Payload};
use super::location::RealmLocation;
use super::remembered::Remembered;
use crate::config::{Problem, ProviderConfig};
use crate::connection::outbound::Trust;

/// The client for one realm. Its calls are in the files named after them.
///
/// Calls need a tokio runtime with time and I/O, and their connections live on the one that made them: call it on the
/// control runtime.
#[derive(Debug)]
pub struct OidcClient {
    pub(super) realm: RealmLocation,
    pub(super) auth: ClientAuth,
    pub(super) http: Http,
    pub(super) openid: Remembered<Endpoints>,
    pub(super) uma: Remembered<Endpoints>,
    pub(super) own: OwnToken,
}

impl OidcClient {
    /// From `[providers.NAME]`; reads the secret and the CA file. `key` is the path in the configuration, for problems.
    pub fn build(key: &str, config: &ProviderConfig, folder: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if config.concurrency == 0 {
            problems
                .push(Problem::new(format!("{key}.concurrency"), "with 0 no call to the realm can be made"));
        }
        if config.timeout.get().is_zero() {
            problems.push(Problem::new(format!("{key}.timeout"), "with 0 no call to the realm can be made"));
        }
        let auth = ClientAuth::build(key, config, folder).map_err(|problem| problems.push(problem));
        let realm = RealmLocation::parse(key, config).map_err(|found| problems.extend(found));
        let http = trust(config, folder, realm.as_ref().is_ok_and(RealmLocation::is_encrypted))
            .and_then(|trust| Http::build(&trust, config.timeout.get(), config.concurrency))
            .map_err(|fact| {
                let member = if config.ca.is_some() { "ca" } else { "issuer" };
                problems.push(Problem::new(
                    format!("{key}.{member}"),
                    format!("no trusted certificates: {fact}"),
                ));
            });
        match (realm, auth, http) {
            (Ok(realm), Ok(auth), Ok(http)) if problems.is_empty() => Ok(Self {
                realm,
                auth,
                http,
                openid: Remembered::new(),
                uma: Remembered::new(),
                own: OwnToken::new(),
            }),
            _ => Err(problems),
        }
    }

    /// The gateway's client in the realm.
    pub fn client_id(&self) -> &str {
        self.auth.id()
    }

    /// Whether the gateway's client can prove itself. Then claims are pushed in its name, whatever client the caller's token
    /// was issued to.
    pub const fn can_prove_itself(&self) -> bool {
        self.auth.can_prove()
    }

    /// The realm's key set, as JSON; the discovery document is fetched first, once, and its `issuer` must be ours.
    pub async fn jwks(&self, max_bytes: u64) -> Result<Bytes, OidcError> {
        let url = self.endpoints().await?.jwks(&self.realm)?;
        let call =
            Call { operation: "jwks", url: &url, authorization: None, payload: Payload::Nothing, max_bytes };
        self.http.call(call, |answer| answer.body(200)).await
    }
}

fn trust(config: &ProviderConfig, folder: &Path, is_encrypted: bool) -> Result<Trust, String> {
    match &config.ca {
        Some(path) => {
            let path = folder.join(path);
            let pem = std::fs::read(&path)
                .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
            Ok(Trust::Only(pem))
        }
        None if is_encrypted => Ok(Trust::System),
        None => Ok(Trust::Nobody),
    }
}

#[cfg(test)]
mod tests;

//! The realm's documents: the issuer's (OpenID Connect Discovery) and that of UMA 2.0.

use serde::Deserialize;
use url::Url;

use super::http::{ANSWER_BYTES, Call, Payload};
use super::location::RealmLocation;
use super::{OidcClient, OidcError};

const OPERATION: &str = "discovery";

/// The most characters of a foreign issuer that get into an error.
const ISSUER_CHARS: usize = 200;

/// What the documents say. Members that are not named here are not read.
#[derive(Debug, Deserialize)]
struct Document {
    issuer: String,
    #[serde(default)]
    token_endpoint: Option<String>,
    #[serde(default)]
    introspection_endpoint: Option<String>,
    #[serde(default)]
    jwks_uri: Option<String>,
    #[serde(default)]
    permission_endpoint: Option<String>,
}

/// The addresses that are called. Each is checked when it is needed, so that an odd one spoils only its own operation.
#[derive(Debug)]
pub(super) struct Endpoints {
    document: Document,
}

impl Endpoints {
    pub(super) fn token(&self, realm: &RealmLocation) -> Result<Url, OidcError> {
        address(realm, "token_endpoint", self.document.token_endpoint.as_deref())
    }

    pub(super) fn introspection(&self, realm: &RealmLocation) -> Result<Url, OidcError> {
        address(realm, "introspection_endpoint", self.document.introspection_endpoint.as_deref())
    }

    pub(super) fn jwks(&self, realm: &RealmLocation) -> Result<Url, OidcError> {
        address(realm, "jwks_uri", self.document.jwks_uri.as_deref())
    }

    pub(super) fn permission(&self, realm: &RealmLocation) -> Result<Url, OidcError> {
        address(realm, "permission_endpoint", self.document.permission_endpoint.as_deref())
    }
}

impl OidcClient {
    /// The endpoints of OpenID Connect.
    pub(super) async fn endpoints(&self) -> Result<&Endpoints, OidcError> {
        self.openid.get(self.discover("openid-configuration")).await
    }

    /// The endpoints of UMA 2.0.
    pub(super) async fn uma_endpoints(&self) -> Result<&Endpoints, OidcError> {
        self.uma.get(self.discover("uma2-configuration")).await
    }

    async fn discover(&self, document: &str) -> Result<Endpoints, OidcError> {
        let url = self.realm.well_known(document);
        let call = Call {
            operation: OPERATION,
            url: &url,
            authorization: None,
            payload: Payload::Nothing,
            max_bytes: ANSWER_BYTES,
        };
        self.http
            .call(call, |answer| {
                let document: Document = answer.object(200)?;
                same_issuer(&self.realm, &document.issuer)?;
                Ok(Endpoints { document })
            })
            .await
    }
}

/// The document's issuer must be ours, byte for byte (OpenID Connect Discovery section 4.3).
fn same_issuer(realm: &RealmLocation, found: &str) -> Result<(), OidcError> {
    if found == realm.issuer() {
        return Ok(());
    }
    let shown: String = found.chars().filter(|c| !c.is_control()).take(ISSUER_CHARS).collect();
    Err(OidcError::Unusable {
        operation: OPERATION,
        reason: format!(
            "its issuer is `{shown}`, the configured one is `{}`; hint: {}",
            realm.issuer(),
            realm.issuer_hint(found)
        ),
    })
}

fn address(realm: &RealmLocation, member: &str, value: Option<&str>) -> Result<Url, OidcError> {
    let unusable = |reason| OidcError::Unusable { operation: OPERATION, reason };
    let value = value.ok_or_else(|| unusable(format!("it names no `{member}`")))?;
    realm.endpoint(value).map_err(|fact| unusable(format!("`{member}` is not accepted: {fact}")))
}

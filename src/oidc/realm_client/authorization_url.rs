//! Where a browser is sent to log in (RFC 6749 section 4.1.1).

use serde_json::Value;
use url::Url;

use super::{Pkce, RealmClient};
use crate::connection::{CallError, ErrorClass};

/// What is asked for when a browser is sent to the login page; every value is encoded.
#[derive(Clone, Debug)]
pub struct AuthorizationUrl<'a> {
    redirect_uri: &'a str,
    scope: &'a str,
    more: Vec<(&'a str, String)>,
}

impl<'a> AuthorizationUrl<'a> {
    /// A code for the scopes `openid email`, brought to this address.
    pub fn new(redirect_uri: &'a str) -> Self {
        Self { redirect_uri, scope: "openid email", more: Vec::new() }
    }

    /// Other scopes, divided by blanks.
    #[must_use]
    pub fn scope(mut self, scope: &'a str) -> Self {
        self.scope = scope;
        self
    }

    /// What comes back unchanged, to tell one's own requests from those of others.
    #[must_use]
    pub fn state(self, state: &str) -> Self {
        self.with("state", state)
    }

    /// What the ID token will hold.
    #[must_use]
    pub fn nonce(self, nonce: &str) -> Self {
        self.with("nonce", nonce)
    }

    /// The challenge that the exchange of the code has to meet.
    #[must_use]
    pub fn pkce(self, pkce: &Pkce) -> Self {
        self.with("code_challenge", &pkce.challenge()).with("code_challenge_method", pkce.method().name())
    }

    /// Any other parameter: `prompt`, `login_hint`, `kc_idp_hint`...
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &str) -> Self {
        self.more.push((name, value.to_owned()));
        self
    }
}

impl RealmClient {
    /// The address of the login page, of the realm's own `authorization_endpoint`.
    ///
    /// `GET /realms/{realm}/.well-known/openid-configuration`; python-keycloak `KeycloakOpenID.auth_url`
    pub async fn authorization_url(&self, wanted: &AuthorizationUrl<'_>) -> Result<String, CallError> {
        let document = self.well_known().await?;
        let endpoint = document.get("authorization_endpoint").and_then(Value::as_str);
        let mut url = endpoint
            .and_then(|endpoint| Url::parse(endpoint).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| {
                CallError::local(ErrorClass::Get, "the realm names no `authorization_endpoint`")
            })?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", wanted.redirect_uri)
            .append_pair("scope", wanted.scope)
            .extend_pairs(&wanted.more);
        Ok(url.into())
    }
}

//! The token endpoint: every grant is a form.

use std::fmt;

use serde_json::Value;

use super::RealmClient;
use crate::connection::{CallError, Method};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A request to the token endpoint, without the client's id and proof. An ID token comes only with the scope `openid`.
#[derive(Clone)]
pub struct TokenRequest {
    form: Vec<(String, String)>,
}

impl TokenRequest {
    /// Any grant, by its `grant_type`; its fields are added by [`TokenRequest::with`].
    pub fn grant(grant_type: &str) -> Self {
        Self { form: Vec::new() }.with("grant_type", grant_type)
    }

    /// A user's name and password.
    pub fn password(username: &str, password: &str) -> Self {
        Self::grant("password").with("username", username).with("password", password)
    }

    /// The code that came with the browser, and the address it came to (RFC 6749 section 4.1.3).
    pub fn authorization_code(code: &str, redirect_uri: &str) -> Self {
        Self::grant("authorization_code").with("code", code).with("redirect_uri", redirect_uri)
    }

    /// The client's own account.
    pub fn client_credentials() -> Self {
        Self::grant("client_credentials")
    }

    /// A new pair of tokens for a refresh token.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakOpenID.refresh_token`
    pub fn refresh(refresh_token: &str) -> Self {
        Self::grant("refresh_token").with("refresh_token", refresh_token)
    }

    /// Standard token exchange (RFC 8693; Keycloak 26.2 and later): another token for an access token. The client must be
    /// in the audience of the token and have the attribute `standard.token.exchange.enabled`. `audience` and
    /// `requested_token_type` may be added.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakOpenID.exchange_token`
    pub fn exchange(subject_token: &str) -> Self {
        Self::grant("urn:ietf:params:oauth:grant-type:token-exchange")
            .with("subject_token", subject_token)
            .with("subject_token_type", ACCESS_TOKEN)
    }

    /// The device that waits for its user (RFC 8628 section 3.4). See [`RealmClient::poll_device`].
    pub fn device_code(device_code: &str) -> Self {
        Self::grant("urn:ietf:params:oauth:grant-type:device_code").with("device_code", device_code)
    }

    /// The scopes, divided by blanks.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.with("scope", scope)
    }

    /// The one-time code of the moment.
    #[must_use]
    pub fn totp(self, code: &str) -> Self {
        self.with("totp", code)
    }

    /// What the challenge of the authorization request was made of (RFC 7636).
    #[must_use]
    pub fn code_verifier(self, verifier: &str) -> Self {
        self.with("code_verifier", verifier)
    }

    /// One more field of the form; a name may stand there several times.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.form.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Names only: the values are secrets.
impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.form.iter().map(|(name, _)| name)).finish()
    }
}

impl RealmClient {
    /// A token answer (RFC 6749 section 5.1). A wrong secret, a wrong password, a code or token that is not taken is an
    /// error of [`ErrorClass::Authentication`](crate::connection::ErrorClass), at whatever status this Keycloak says it.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakOpenID.token`
    pub async fn token(&self, request: TokenRequest) -> Result<Value, CallError> {
        let response = self.post("/protocol/openid-connect/token", request.form).await?;
        Ok(response.expect(Method::Post, &[200])?.value())
    }
}

//! The frame of every call: form parameters, client authentication, answers and errors (RFC 6749).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::realm::RealmClient;
use super::state::State;

/// Keycloak drops a parameter whose values together are longer than this, and goes on without it.
const PARAMETER_LIMIT: usize = 4000;

/// The parameters of a form.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// As Keycloak reads them: over-long parameters are not there.
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        let length = |name: &str| -> usize {
            pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.encode_utf16().count()).sum()
        };
        let exempt = ["token", "refresh_token", "claim_token", "subject_token"];
        let kept =
            pairs.iter().filter(|(key, _)| exempt.contains(&key.as_str()) || length(key) <= PARAMETER_LIMIT);
        Self(kept.cloned().collect())
    }

    /// The first value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An answer other than success.
#[derive(Debug)]
pub(super) struct OauthError {
    pub(super) status: StatusCode,
    pub(super) error: &'static str,
    pub(super) description: String,
}

impl OauthError {
    pub(super) fn new(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, error, description: description.into() }
    }

    pub(super) fn invalid_client() -> Self {
        Self::new(401, "invalid_client", "Invalid client or Invalid client credentials")
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        json_answer(self.status, &body)
    }
}

/// JSON that no cache keeps.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    let mut answer = Response::new(Body::from(body.to_string()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    answer
}

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

impl State {
    /// The client that a request comes from: `client_secret_basic`, `client_secret_post`, or a public client's id.
    pub(super) fn authenticate<'a>(
        &'a self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<&'a RealmClient, OauthError> {
        let (id, secret) = match basic(headers) {
            Some((id, secret)) => (id, Some(secret)),
            None => {
                let id = parameters.get("client_id").ok_or_else(OauthError::invalid_client)?;
                (id.to_owned(), parameters.get("client_secret").map(str::to_owned))
            }
        };
        let client = self.realm.client(&id).ok_or_else(OauthError::invalid_client)?;
        if client.public_client || (secret.is_some() && client.secret == secret) {
            return Ok(client);
        }
        Err(OauthError::new(401, "unauthorized_client", "Invalid client or Invalid client credentials"))
    }
}

/// RFC 6749 section 2.3.1: both parts are form-encoded inside the base64.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8().map(String::from).ok()
    };
    Some((plain(id)?, plain(secret)?))
}

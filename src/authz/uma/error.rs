//! Keycloak's error answers.

/// An error answer of the token endpoint: status, `error` and `error_description`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The status.
    pub status: u16,
    /// The code.
    pub error: &'static str,
    /// The text.
    pub description: String,
}

impl RequestError {
    pub(super) fn new(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into() }
    }

    pub(super) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(400, "invalid_request", description)
    }

    pub(super) fn too_long(parameter: &str) -> Self {
        Self::invalid_request(format!("The size of OIDC parameter '{parameter}' is longer than allowed."))
    }

    pub(super) fn bad_token() -> Self {
        Self::new(400, "invalid_grant", "Invalid bearer token")
    }

    /// Keycloak threw something that it does not explain.
    pub(super) fn unknown() -> Self {
        Self::new(500, "unknown_error", "For more on this error consult the server log.")
    }

    pub(super) fn public_client() -> Self {
        Self::new(403, "invalid_grant", "Public clients are not allowed to send claims")
    }

    pub(super) fn invalid_scope(names: &[&str]) -> Self {
        Self::new(400, "invalid_scope", format!("One of the given scopes [{}] is invalid", names.join(", ")))
    }

    pub(super) fn invalid_resource(text: &str) -> Self {
        Self::new(400, "invalid_resource", format!("Resource with id [{text}] does not exist."))
    }

    pub(super) fn invalid_uri(uri: &str) -> Self {
        Self::new(400, "invalid_resource", format!("Resource with uri [{uri}] does not exist."))
    }

    /// A policy failed.
    pub(super) fn evaluation() -> Self {
        Self::new(500, "server_error", "Unexpected error while evaluating permissions")
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "access_denied", "not_authorized")
    }
}

//! `[[tests]]`: questions with their expected answers, asked by `gatecloak check`.

use serde::{Deserialize, Serialize};

/// `[[tests]]`: "this request with these claims is allowed".
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigTest {
    /// `METHOD PATH` or `METHOD http://HOST/PATH`.
    pub request: String,
    /// The claims of a token that has passed every other check; absent: no token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<serde_json::Value>,
    /// The provider of the token; may be left out where there is just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Permissions that Keycloak would grant, written `RESOURCE#SCOPE` or `RESOURCE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// The expected answer.
    pub expect: Expectation,
    /// The route expected to be in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
}

/// The expected answer of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// Forwarded.
    Allow,
    /// Refused: a valid token, but not enough (403).
    Deny,
    /// Refused: a token is needed (401).
    Unauthenticated,
    /// No route, or a path that is refused (404 or 400).
    NoRoute,
}

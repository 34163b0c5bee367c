//! `[[tests]]`: questions with their expected answers, asked by `gatecloak check`.

use serde::{Deserialize, Serialize};

/// `[[tests]]`: a request, a caller, and the answer that is expected. `gatecloak check` asks.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigTest {
    /// `METHOD PATH` or `METHOD http://HOST/PATH`.
    #[cfg_attr(feature = "cli", schemars(example = &"GET /orders/1"))]
    pub request: String,
    /// The claims of a token that has passed every other check; absent: no token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "sub": "alice", "realm_access": { "roles": ["reader"] } })))]
    pub claims: Option<serde_json::Value>,
    /// The provider of the token; may be left out where there is just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"main"))]
    pub provider: Option<String>,
    /// Permissions that Keycloak would grant, written `RESOURCE#SCOPE` or `RESOURCE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["Orders#view"]))]
    pub permissions: Vec<String>,
    /// The expected answer.
    #[cfg_attr(feature = "cli", schemars(example = &"allow"))]
    pub expect: Expectation,
    /// The route expected to be in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"orders"))]
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

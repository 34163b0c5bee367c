//! A permission of authorization settings.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A permission: which policies decide over which resources or scopes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Permission {
    /// Unique among policies and permissions.
    pub name: String,
    /// `resource` or `scope`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Keycloak ignores it.
    pub logic: String,
    /// How its policies become one decision.
    pub decision_strategy: String,
    /// Names of resources, of a permission of the type `resource`; none if it is for a type of resources.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Names of scopes, of a permission of the type `scope`.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permission: {} ({})", self.name, self.kind)
    }
}

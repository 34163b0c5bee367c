//! The shape of a granted permission, in tokens and in answers.

use serde::{Deserialize, Serialize};

/// A permission inside a token (an RPT), or in Keycloak's answer to a permission request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct GrantedPermission {
    /// The resource's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rsid: Option<String>,
    /// The resource's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rsname: Option<String>,
    /// The scopes granted; empty: all of the resource's, or it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

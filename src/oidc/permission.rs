//! The shape of a granted permission, in tokens and in answers.

use std::collections::BTreeMap;

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
    /// The claims that were pushed with the question: what the policies were judged by beside the token.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, Vec<String>>,
}

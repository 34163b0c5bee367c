//! Claim information points: facts of a request that policies are judged by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Names;

/// Claims that are pushed with a request for permissions, by name: Keycloak's `claim-information-point`, its `claims`.
///
/// ```toml
/// pushed_claims = { from = "{request.remoteAddr}", tenant = "{request.header['x-tenant']}", kind = ["static", "values"] }
/// ```
///
/// A text may hold the placeholders `{request.header['NAME']}`, `{request.parameter['NAME']}` (of the query),
/// `{request.cookie['NAME']}`, `{request.uri}`, `{request.relativePath}`, `{request.method}`, `{request.remoteAddr}` and
/// `{request.secure}` (also written `isSecure`). A claim without a value is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ClaimPointsConfig {
    /// The texts of every claim.
    pub claims: BTreeMap<String, Names>,
}

impl ClaimPointsConfig {
    /// Whether nothing is pushed.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }
}

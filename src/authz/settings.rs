//! Keycloak's export of authorization settings, as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The export of a resource server's authorization settings (`.../authz/resource-server/settings`).
///
/// Members that are not named here are kept out; they may appear in other versions of Keycloak.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// What happens to a resource without a permission.
    pub policy_enforcement_mode: PolicyEnforcementMode,
    /// How permissions are combined; `CONSENSUS` does not occur.
    pub decision_strategy: DecisionStrategy,
    /// Whether resources may be made and changed from outside; no part of any decision.
    pub allow_remote_resource_management: bool,
    /// All resources, also those of users.
    pub resources: Vec<ResourceSettings>,
    /// All policies, then all permissions.
    pub policies: Vec<PolicySettings>,
    /// All scopes.
    pub scopes: Vec<ScopeSettings>,
}

/// What happens to a resource without a permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyEnforcementMode {
    /// It is refused.
    #[default]
    Enforcing,
    /// It is granted.
    Permissive,
    /// Everything is granted.
    Disabled,
}

/// How several decisions become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DecisionStrategy {
    /// No denial.
    #[default]
    Unanimous,
    /// At least one grant.
    Affirmative,
    /// More grants than denials.
    Consensus,
}

/// Whether a policy grants when its condition is met, or when it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Logic {
    /// When it is met.
    #[default]
    Positive,
    /// When it is not.
    Negative,
}

/// A resource. The export has no ids.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ResourceSettings {
    /// Unique among those of its owner.
    pub name: String,
    /// Any text.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Patterns.
    pub uris: Vec<String>,
    /// Its scopes.
    pub scopes: Vec<ScopeSettings>,
    /// Absent: the resource server.
    pub owner: Option<OwnerSettings>,
    /// Whether its owner may share it.
    pub owner_managed_access: bool,
}

/// A scope of resources.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ScopeSettings {
    /// The name.
    pub name: String,
}

/// The owner of a resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OwnerSettings {
    /// The user name.
    pub name: Option<String>,
}

/// A policy or, where `kind` is `resource` or `scope`, a permission.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PolicySettings {
    /// Unique among policies and permissions.
    pub name: String,
    /// The member `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of a permission it is ignored.
    pub logic: Logic,
    /// How the policies under it are combined.
    pub decision_strategy: DecisionStrategy,
    /// What it is made of; lists and objects are JSON inside the text.
    pub config: BTreeMap<String, String>,
}

impl Settings {
    /// Parses an export, or an object that has one as its member `authorizationSettings` (an exported client). Errors
    /// say line and column.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let members: BTreeMap<String, IgnoredAny> =
            serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if members.contains_key("authorizationSettings") {
            #[derive(Deserialize)]
            #[serde(rename_all = "camelCase")]
            struct Client {
                authorization_settings: Settings,
            }
            let client: Client = serde_json::from_slice(json).map_err(|error| error.to_string())?;
            return Ok(client.authorization_settings);
        }
        if !["resources", "policies", "scopes"].iter().any(|member| members.contains_key(*member)) {
            return Err("there are no authorization settings in it: no `resources`, `policies` or `scopes`"
                .to_owned());
        }
        serde_json::from_slice(json).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests;

//! Keycloak's authorization settings, as the development issuer reads them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::realm::stable_id;

/// The authorization settings of a client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct AuthorizationSettings {
    pub policy_enforcement_mode: String,
    pub decision_strategy: String,
    pub resources: Vec<ResourceSettings>,
    pub policies: Vec<PolicySettings>,
    pub scopes: Vec<ScopeSettings>,
}

impl AuthorizationSettings {
    /// An export has no ids; here they follow from the names.
    pub(super) fn fill_ids(&mut self) {
        for resource in &mut self.resources {
            if resource.id.is_empty() {
                resource.id = stable_id(&resource.name);
            }
        }
    }

    /// A resource by id or by name.
    pub(super) fn resource(&self, text: &str) -> Option<&ResourceSettings> {
        let by = |of: fn(&ResourceSettings) -> &str| {
            self.resources.iter().find(move |resource| of(resource) == text)
        };
        by(|resource| &resource.id).or_else(|| by(|resource| &resource.name))
    }

    /// A policy or permission by name.
    pub(super) fn policy(&self, name: &str) -> Option<&PolicySettings> {
        self.policies.iter().find(|policy| policy.name == name)
    }

    /// Whether there is a scope of this name.
    pub(super) fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.name == name)
    }
}

/// A resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct ResourceSettings {
    #[serde(rename = "_id")]
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub uris: Vec<String>,
    pub scopes: Vec<ScopeSettings>,
}

impl ResourceSettings {
    /// Whether this is one of its scopes.
    pub(super) fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.name == name)
    }
}

/// A scope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct ScopeSettings {
    pub name: String,
}

/// A policy, or a permission (type `resource` or `scope`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct PolicySettings {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub logic: String,
    pub decision_strategy: String,
    /// Lists and objects are JSON inside the text.
    pub config: BTreeMap<String, String>,
}

impl PolicySettings {
    /// A list inside the configuration; one that is missing is empty.
    pub(super) fn list<T: serde::de::DeserializeOwned>(&self, key: &str) -> Vec<T> {
        self.config.get(key).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

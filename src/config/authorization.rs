//! `[providers.NAME.authorization]`: Keycloak's authorization services.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ByteSize, Period};

/// `[providers.NAME.authorization]`: the settings, how decisions are made of them, and how Keycloak is asked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AuthorizationConfig {
    /// The exported authorization settings of the resource server (JSON): to find a resource by URI, and to decide
    /// without asking. A route with `evaluation = "remote"` uses them for the former only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"authorization.json"))]
    pub settings: Option<PathBuf>,
    /// The settings are fetched from Keycloak in place of a file, and kept up to date. The gateway's service account
    /// needs the roles `view-clients` and `manage-authorization` of `realm-management`.
    pub fetch: bool,
    /// Fetched settings are fetched again after this time, and when the configuration is loaded again.
    pub refresh: Period,
    /// Fetched settings are good this long without a successful fetch.
    pub max_age: Period,
    /// What happens when they are older.
    pub on_stale: OnStale,
    /// How often the realm's admin events are looked at, so that settings are fetched as soon as an administrator has
    /// changed something; `0s`: never. The realm must save admin events, and the gateway's service account needs the role
    /// `view-events` of `realm-management`, too.
    pub admin_events: Period,
    /// The client whose resources are asked for; absent means the gateway's own client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"shop-api"))]
    pub resource_server: Option<String>,
    /// Keycloak's version, where its rules differ (26.4, 26.7). Absent: where they do, Keycloak is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"26.7.3"))]
    pub keycloak_version: Option<String>,
    /// The time zone of Keycloak's Java, for policies about time. Absent: Keycloak is asked about these.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"Europe/Berlin"))]
    pub server_timezone: Option<String>,
    /// Ids of the resource server's resources by name. Without them Keycloak is asked about a resource with a `-` in its
    /// name, which it would take for an id first. Fetched settings come with them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "Order-1": "0d0e6b5c-6d4b-4a0e-9c3a-2f6a3f1c9b11" })))]
    pub resource_ids: BTreeMap<String, String>,
    /// Ids of users by name: who a token without `preferred_username` is about.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "alice": "5f1c3a52-9d0c-4b9e-8f0e-1b7f4f0f7a10" })))]
    pub user_ids: BTreeMap<String, String>,
    /// Clients by id, whether they are public: without a `client_secret` claims are pushed in the name of the client that the
    /// token was issued to, and only others may. Where it is not known, Keycloak is asked.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "web": true })))]
    pub public_clients: BTreeMap<String, bool>,
    /// The share of local decisions that Keycloak is asked about in the background, from 0 to 1. What differs is counted
    /// and logged.
    pub verify_share: f64,
    /// What the operator vouches for, since neither settings nor tokens can tell.
    pub promises: PromisesConfig,
    /// How long decisions are remembered.
    pub cache: DecisionCacheConfig,
}

impl Default for AuthorizationConfig {
    fn default() -> Self {
        Self {
            settings: None,
            fetch: false,
            refresh: Period::secs(60),
            max_age: Period::secs(600),
            on_stale: OnStale::default(),
            admin_events: Period::secs(0),
            resource_server: None,
            keycloak_version: None,
            server_timezone: None,
            resource_ids: BTreeMap::new(),
            user_ids: BTreeMap::new(),
            public_clients: BTreeMap::new(),
            verify_share: 0.0,
            promises: PromisesConfig::default(),
            cache: DecisionCacheConfig::default(),
        }
    }
}

impl AuthorizationConfig {
    /// Whether there are settings to find resources and decide by.
    pub fn has_settings(&self) -> bool {
        self.fetch || self.settings.is_some()
    }
}

/// What happens when fetched settings are older than `max_age`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnStale {
    /// Keycloak is asked.
    #[default]
    Remote,
    /// What needs a permission is refused.
    Refuse,
}

/// `[providers.NAME.authorization.promises]`: what the operator vouches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PromisesConfig {
    /// Every client's tokens carry the claim that group policies name, and lack it only for users without groups.
    /// Without this, Keycloak is asked about tokens without the claim.
    pub groups_claim_complete: bool,
}

/// `[providers.NAME.authorization.cache]`: how long a decision of Keycloak is remembered, never past the token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DecisionCacheConfig {
    /// A permission that was granted. A change at the realm is seen after this time.
    pub allow_ttl: Period,
    /// A permission that was denied.
    pub deny_ttl: Period,
    /// Memory for decisions; the oldest make room.
    pub bytes: ByteSize,
}

impl Default for DecisionCacheConfig {
    fn default() -> Self {
        Self { allow_ttl: Period::secs(30), deny_ttl: Period::secs(5), bytes: ByteSize::mib(8) }
    }
}

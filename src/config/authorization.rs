//! `[providers.NAME.authorization]`: Keycloak's authorization services.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ByteSize, Period};

/// `[providers.NAME.authorization]`: the exported settings, and how Keycloak is asked.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AuthorizationConfig {
    /// The exported authorization settings of the resource server (JSON); needed to find a resource by URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"authorization.json"))]
    pub settings: Option<PathBuf>,
    /// The client whose resources are asked for; absent means the gateway's own client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"shop-api"))]
    pub resource_server: Option<String>,
    /// How long decisions are remembered.
    pub cache: DecisionCacheConfig,
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

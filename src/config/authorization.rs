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
    pub settings: Option<PathBuf>,
    /// The client whose resources are asked for; absent means the gateway's own client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_server: Option<String>,
    /// Decisions are remembered.
    pub cache: DecisionCacheConfig,
}

/// `[providers.NAME.authorization.cache]`: how long a decision of Keycloak is remembered, never past the token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DecisionCacheConfig {
    /// A yes.
    pub allow_ttl: Period,
    /// A no.
    pub deny_ttl: Period,
    /// Memory for decisions.
    pub bytes: ByteSize,
}

impl Default for DecisionCacheConfig {
    fn default() -> Self {
        Self { allow_ttl: Period::secs(30), deny_ttl: Period::secs(5), bytes: ByteSize::mib(8) }
    }
}

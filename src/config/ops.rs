//! `[ops]`: the second listener, for the people who run the gateway.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// `[ops]`: `/healthz`, `/readyz`, `/metrics`, `/config` (redacted). Plain HTTP; keep it off the public network.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OpsConfig {
    /// Serve it at all.
    pub enabled: bool,
    /// Address and port.
    pub address: SocketAddr,
    /// How many of the providers must have keys for `/readyz` to be 200: `any` of them, or `all`.
    pub ready: ReadyWhen,
}

/// When a gateway with several providers is ready. Without a single key of any of them it never is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReadyWhen {
    /// A provider has keys: a realm that is down takes nothing from the callers of the others.
    #[default]
    Any,
    /// Every provider has keys.
    All,
}

impl Default for OpsConfig {
    fn default() -> Self {
        Self { enabled: true, address: SocketAddr::from(([127, 0, 0, 1], 9090)), ready: ReadyWhen::Any }
    }
}

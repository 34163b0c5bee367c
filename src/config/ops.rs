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
}

impl Default for OpsConfig {
    fn default() -> Self {
        Self { enabled: true, address: SocketAddr::from(([127, 0, 0, 1], 9090)) }
    }
}

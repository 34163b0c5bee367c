//! `[upstreams.NAME]`: a service behind the gateway.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Period;

/// `[upstreams.NAME]`: a service behind the gateway, its endpoints and how to talk to them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpstreamConfig {
    /// `http://HOST:PORT` or `https://HOST:PORT`, without a path; several take turns.
    #[cfg_attr(feature = "cli", schemars(example = ["http://127.0.0.1:3000"]))]
    pub endpoints: Vec<String>,
    /// The protocol spoken.
    #[serde(default)]
    pub protocol: UpstreamProtocol,
    /// Send the client's `Host` (`true`) or the endpoint's.
    #[serde(default = "yes")]
    pub preserve_host: bool,
    /// Bounds on time.
    #[serde(default)]
    pub timeouts: UpstreamTimeouts,
    /// Sending a request again.
    #[serde(default)]
    pub retry: RetryConfig,
    /// Idle connections kept per worker and endpoint.
    #[serde(default = "default_idle")]
    pub idle_connections: usize,
    /// TLS towards `https` endpoints.
    #[serde(default)]
    pub tls: UpstreamTls,
}

fn yes() -> bool {
    true
}

fn default_idle() -> usize {
    256
}

/// The protocol spoken to an upstream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UpstreamProtocol {
    /// HTTP/1.1; over TLS what ALPN yields, HTTP/2 preferred.
    #[default]
    Auto,
    /// HTTP/1.1.
    Http1,
    /// HTTP/2: by ALPN over TLS, with prior knowledge (h2c) without.
    Http2,
}

/// `[upstreams.NAME.timeouts]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamTimeouts {
    /// The longest that connecting may take, TCP and TLS.
    pub connect: Period,
    /// The longest from the request being sent to the head of the answer.
    pub first_byte: Period,
    /// The longest gap between two parts of the answer's body; 0 means any (for event streams).
    pub idle: Period,
    /// An idle connection is closed after this time.
    pub keep_alive: Period,
}

impl Default for UpstreamTimeouts {
    fn default() -> Self {
        Self {
            connect: Period::secs(5),
            first_byte: Period::secs(60),
            idle: Period::secs(300),
            keep_alive: Period::secs(60),
        }
    }
}

/// `[upstreams.NAME.retry]`: only requests of a safe method without a body are ever sent again, and only
/// before a byte of an answer came. With a single endpoint, not over a connection that was in use within the last second.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RetryConfig {
    /// Further attempts, each at the next endpoint if there are several.
    pub attempts: u32,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self { attempts: 1 }
    }
}

/// `[upstreams.NAME.tls]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamTls {
    /// Certificate authorities (PEM), in place of the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/upstream-ca.pem"))]
    pub ca: Option<PathBuf>,
    /// The name in the certificate, if not the endpoint's host.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"orders.internal"))]
    pub server_name: Option<String>,
    /// Client certificate chain, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/client.crt"))]
    pub certificate: Option<PathBuf>,
    /// Its private key, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/client.key"))]
    pub key: Option<PathBuf>,
}

//! `[listener]`: where requests come in.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{ByteSize, Period};

/// `[listener]`: the address, TLS, limits, and which peers are proxies that may be believed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ListenerConfig {
    /// Address and port.
    pub address: SocketAddr,
    /// Worker threads, each with its own listening socket; 0 is one per available CPU.
    pub workers: usize,
    /// Networks whose `Forwarded` and `X-Forwarded-*` headers are believed. From anyone else they are replaced.
    #[cfg_attr(feature = "cli", schemars(with = "Vec<String>"))]
    pub trusted_proxies: Vec<IpNet>,
    /// How long requests in flight may go on after SIGTERM.
    pub drain: Period,
    /// TLS; absent means plain HTTP (HTTP/1.1, and HTTP/2 with prior knowledge).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ListenerTls>,
    /// Bounds on what a client may do.
    pub limits: ListenerLimits,
}

impl Default for ListenerConfig {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([0, 0, 0, 0], 8080)),
            workers: 0,
            trusted_proxies: Vec::new(),
            drain: Period::secs(30),
            tls: None,
            limits: ListenerLimits::default(),
        }
    }
}

/// `[listener.tls]`: the files are read again on reload and when they change.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListenerTls {
    /// Certificate chain, PEM.
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/tls.crt"))]
    pub certificate: PathBuf,
    /// Private key, PEM.
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/tls.key"))]
    pub key: PathBuf,
}

/// `[listener.limits]`: bounds on what a client may do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ListenerLimits {
    /// The most connections at a time, all workers together; more wait in the kernel's queue.
    pub connections: usize,
    /// From the first byte of a request (or the accept) to the end of its head.
    pub header_timeout: Period,
    /// A connection without a request in flight is closed after this time.
    pub idle_timeout: Period,
    /// The longest gap between two parts of a request body.
    pub body_idle_timeout: Period,
    /// The longest a TLS handshake may take.
    pub handshake_timeout: Period,
    /// The largest head of a request.
    pub head_bytes: ByteSize,
    /// The most header fields of a request.
    pub headers: usize,
    /// The most HTTP/2 streams at a time on one connection.
    pub http2_streams: u32,
}

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_timeout: Period::secs(10),
            idle_timeout: Period::secs(75),
            body_idle_timeout: Period::secs(30),
            handshake_timeout: Period::secs(10),
            head_bytes: ByteSize::kib(32),
            headers: 100,
            http2_streams: 100,
        }
    }
}

//! What is known of a connection, and what was proven on it.

use std::net::SocketAddr;

/// A client's connection. Remembers the last credential that was proven on it, so that the next request with the very
/// same bytes need not prove it again.
pub struct Connection {
    /// The peer.
    pub peer: SocketAddr,
    /// Whether the connection is TLS.
    pub tls: bool,
}

impl Connection {
    /// A new connection.
    pub fn new(peer: SocketAddr, tls: bool) -> Self {
        Self { peer, tls }
    }
}

//! What is known of a connection, and what was proven on it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use parking_lot::Mutex;
use zeroize::Zeroizing;

use super::caller::Caller;
use crate::proxy::headers;

/// A client's connection. Remembers the last credential that was proven on it, so that the next request with the very
/// same bytes need not prove it again.
pub struct Connection {
    /// The peer.
    pub peer: SocketAddr,
    /// Whether the connection is TLS.
    pub tls: bool,
    /// `None`: requests of many connections come this way, and nothing is remembered.
    memo: Option<Mutex<Option<Memo>>>,
    /// The forwarding fields written first.
    pub(super) written: headers::Written,
}

/// A whole `Authorization` field and whose it is. The caller knows until when, and under which configuration and keys,
/// that holds.
struct Memo {
    /// A text, since these are wiped at once and not byte by byte.
    credential: Zeroizing<Box<str>>,
    caller: Arc<Caller>,
}

impl Connection {
    /// A new connection.
    pub fn new(peer: SocketAddr, tls: bool) -> Self {
        Self { peer, tls, memo: Some(Mutex::new(None)), written: headers::Written::default() }
    }

    /// Stands for connections that are somebody else's.
    pub(super) fn unknown() -> Self {
        Self { memo: None, ..Self::new(SocketAddr::from(([0, 0, 0, 0], 0)), false) }
    }

    /// The peer's address; IPv4 as such also on a socket that speaks both.
    pub(super) fn address(&self) -> IpAddr {
        self.peer.ip().to_canonical()
    }

    /// `https`, or `http`.
    pub(super) fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// The caller last proven here, if it was by exactly this field.
    pub(super) fn recall(&self, credential: &[u8]) -> Option<Arc<Caller>> {
        let memo = self.memo.as_ref()?.lock();
        memo.as_ref()
            .filter(|memo| memo.credential.as_bytes() == credential)
            .map(|memo| Arc::clone(&memo.caller))
    }

    /// Remembers a caller in place of the one before.
    pub(super) fn remember(&self, credential: &[u8], caller: &Arc<Caller>) {
        let (Some(memo), Ok(credential)) = (&self.memo, str::from_utf8(credential)) else { return };
        let proven = Memo { credential: Zeroizing::new(credential.into()), caller: Arc::clone(caller) };
        let before = memo.lock().replace(proven);
        // What it replaces is freed after the lock.
        drop(before);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("peer", &self.peer).field("tls", &self.tls).finish_non_exhaustive()
    }
}

//! A running gateway.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::{LoadError, Loaded};

/// A running gateway: its listeners are bound and accept.
#[derive(Debug)]
pub struct Running {
    /// Where requests come in (the port chosen, if 0 was asked for).
    pub address: SocketAddr,
    /// The ops listener, if there is one.
    pub ops_address: Option<SocketAddr>,
}

#[expect(unused_variables, reason = "door")]
impl Running {
    /// Loads the file again and swaps to it, all or nothing: on error the old configuration stays.
    pub fn reload(&self) -> Result<(), LoadError> {
        todo!()
    }

    /// Stops accepting, lets requests in flight go on for the drain time, then returns.
    pub fn stop(self) {
        todo!()
    }
}

/// Starts a gateway on threads of its own and returns when it accepts; does not wait for any realm. `watch` follows
/// changes of the files. Signals are `cli::serve`'s matter.
pub fn start(loaded: Loaded, reload_from: Option<PathBuf>, watch: bool) -> Result<Running, LoadError> {
    let _ = (loaded, reload_from, watch);
    todo!()
}

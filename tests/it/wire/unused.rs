//! Addresses for processes that bind them themselves.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU8, Ordering};

/// Two addresses that nobody listens at, nor will: on a host of loopback that no other process of any test has. A port
/// that was free a moment ago may be taken by a neighbour, and listening sockets of a gateway can share one.
pub(crate) fn unused() -> [SocketAddr; 2] {
    static NEXT: AtomicU8 = AtomicU8::new(2);
    let [_, _, high, low] = std::process::id().to_be_bytes();
    let host = Ipv4Addr::new(127, high, low, NEXT.fetch_add(1, Ordering::Relaxed));
    unused_at(host)
}

/// Two addresses of a host that nobody listens at just now.
pub(crate) fn unused_at(host: Ipv4Addr) -> [SocketAddr; 2] {
    let sockets = [(); 2].map(|()| TcpListener::bind((host, 0)).expect("a socket"));
    sockets.each_ref().map(|socket| socket.local_addr().expect("an address"))
}

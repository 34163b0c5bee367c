//! Listening sockets.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::config::Problem;

/// Connections that wait in the kernel's queue (it may allow fewer: `net.core.somaxconn`).
const BACKLOG: i32 = 4096;
/// Finds peers that have vanished in the middle of an answer.
const PROBE_AFTER: Duration = Duration::from_secs(60);
/// After an error that will not go away at once: no file descriptors, no memory.
const PAUSE: Duration = Duration::from_millis(50);
const LOG_EVERY: Duration = Duration::from_secs(60);

/// Binds `count` sockets to one address, between which the kernel spreads the connections. With port 0 the first one
/// chooses the port. `key` is the setting that an error points at.
pub(super) fn bind(
    key: &str,
    address: SocketAddr,
    count: usize,
) -> Result<(SocketAddr, Vec<std::net::TcpListener>), Vec<Problem>> {
    bind_all(address, count).map_err(|error| {
        let problem = Problem::new(key, format!("cannot listen on `{address}`: {error}"));
        vec![match error.kind() {
            io::ErrorKind::AddrInUse => problem.hint("another process listens there already"),
            io::ErrorKind::AddrNotAvailable => problem.hint("no interface of this machine has this address"),
            io::ErrorKind::PermissionDenied => problem.hint("ports below 1024 need `CAP_NET_BIND_SERVICE`"),
            _ => problem,
        }]
    })
}

fn bind_all(address: SocketAddr, count: usize) -> io::Result<(SocketAddr, Vec<std::net::TcpListener>)> {
    if address.port() != 0 {
        // Workers share their port, and so would a second gateway that was started by mistake: it would answer a part of
        // the requests, by another configuration. A socket that shares with nobody finds it out.
        socket(address)?.bind(&SockAddr::from(address))?;
    }
    let first = bind_one(address)?;
    let address = first.local_addr()?;
    let mut listeners = vec![first];
    for _ in 1..count {
        listeners.push(bind_one(address)?);
    }
    Ok((address, listeners))
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    Ok(socket)
}

fn bind_one(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = socket(address)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    // Accepted sockets inherit these two on Linux, which saves a system call for each.
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(PROBE_AFTER))?;
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Accepts, whatever happens.
pub(super) struct Acceptor {
    listener: TcpListener,
    logged: Option<Instant>,
}

impl Acceptor {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self { listener, logged: None }
    }

    /// The next connection. Errors are waited out: the established connections go on, and file descriptors come back.
    pub(super) async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    #[cfg(not(target_os = "linux"))]
                    // A peer that is gone already is noticed when it is served.
                    let _ = stream.set_nodelay(true);
                    return (stream, peer);
                }
                // The peer gave up while it waited.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => (),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => {
                    self.log(&error);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn log(&mut self, error: &io::Error) {
        if self.logged.is_none_or(|logged| logged.elapsed() >= LOG_EVERY) {
            self.logged = Some(Instant::now());
            tracing::error!(%error, "cannot accept connections for now");
        }
    }
}

//! A proxy between two sockets that can be cut, stalled, slowed down and restored.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::background::{Background, accept, bind, loopback};

/// What becomes of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// They pass.
    Open,
    /// Connections stay, and nothing passes: the cable is pulled.
    Stalled,
    /// Connections are closed, and so is each new one as soon as it is accepted.
    Cut,
}

/// A TCP proxy on loopback.
#[derive(Debug)]
pub struct ChaosProxy {
    address: SocketAddr,
    link: watch::Sender<Link>,
    delay: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
    _running: Background,
}

impl ChaosProxy {
    /// Forwards to `to`.
    pub fn start(to: SocketAddr) -> io::Result<Self> {
        let (listener, address) = bind(loopback())?;
        let (link, watched) = watch::channel(Link::Open);
        let delay = Arc::new(AtomicU64::new(0));
        let connections = Arc::new(AtomicU64::new(0));
        let path = Path { to, link: watched, delay: Arc::clone(&delay) };
        let count = Arc::clone(&connections);
        let running = Background::run("chaos-proxy", move || serve(listener, path, count))?;
        Ok(Self { address, link, delay, connections, _running: running })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Closes every connection, and each new one at once.
    pub fn cut(&self) {
        self.link.send_replace(Link::Cut);
    }

    /// Lets nothing pass, and closes nothing.
    pub fn stall(&self) {
        self.link.send_replace(Link::Stalled);
    }

    /// Lets everything pass again; what was closed stays closed.
    pub fn restore(&self) {
        self.link.send_replace(Link::Open);
    }

    /// Holds every piece of bytes back for so long, in both directions.
    pub fn delay(&self, time: Duration) {
        self.delay.store(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

#[derive(Clone, Debug)]
struct Path {
    to: SocketAddr,
    link: watch::Receiver<Link>,
    delay: Arc<AtomicU64>,
}

async fn serve(listener: std::net::TcpListener, path: Path, count: Arc<AtomicU64>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let (stream, _) = accept(&listener).await;
        count.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(forward(stream, path.clone()));
    }
}

/// Ends when both directions have ended, or when the link is cut; both sockets are closed then.
async fn forward(near: TcpStream, path: Path) {
    let mut link = path.link.clone();
    let both = async {
        let Ok(far) = TcpStream::connect(path.to).await else { return };
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        let _ = tokio::join!(
            carry(near_read, far_write, path.clone()),
            carry(far_read, near_write, path.clone())
        );
    };
    tokio::select! {
        () = both => {}
        _ = link.wait_for(|link| *link == Link::Cut) => {}
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut path: Path) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        let delay = path.delay.load(Ordering::Relaxed);
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        // A cut ends this from outside.
        if path.link.wait_for(|link| *link == Link::Open).await.is_err() {
            return Ok(());
        }
        to.write_all(buffer.get(..count).unwrap_or_default()).await?;
    }
}

#[cfg(test)]
mod tests;

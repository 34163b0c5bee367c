//! All that serves the connections of one listening socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::activities::{Activities, Entry};
use super::activity::Bounds;
use super::handler::{Handler, Session};
use super::listener::Acceptor;
use super::protocol::Protocol;
use super::stream::Stream;
use super::tls::Tls;
use crate::config::ListenerLimits;
use crate::gateway::Connection;
use crate::proxy::{Gathered, Socket};

/// What the kernel has of connections and requests when accepting ends still counts. It gets this time twice, in parts: a
/// thread that was held up for longer than one of them still looks at its sockets in the next.
const SETTLE: [Duration; 4] = [Duration::from_millis(5); 4];

/// When serving shall end; `None` while it shall not.
pub(super) type Until = watch::Receiver<Option<Instant>>;

type Accepted = (TcpStream, SocketAddr);

/// A handler with what it takes to serve it: one for each worker.
pub(super) struct Site<H> {
    handler: Arc<H>,
    protocol: Protocol,
    tls: Option<Arc<Tls>>,
    handshake_timeout: Duration,
    activities: Arc<Activities>,
    /// Connections at a time, shared by the workers.
    budget: Arc<Semaphore>,
}

impl<H: Handler> Site<H> {
    /// `counted` are clients of the gateway, others are not in its metrics.
    pub(super) fn new(
        handler: H,
        limits: &ListenerLimits,
        tls: Option<Arc<Tls>>,
        budget: Arc<Semaphore>,
        counted: bool,
    ) -> Arc<Self> {
        let bounds = Bounds { header: limits.header_timeout.get(), idle: limits.idle_timeout.get() };
        Arc::new(Self {
            handler: Arc::new(handler),
            protocol: Protocol::new(limits),
            tls,
            handshake_timeout: limits.handshake_timeout.get(),
            activities: Activities::new(bounds, counted),
            budget,
        })
    }

    /// Accepts and serves until `until` is set; then ends every connection after its requests in flight, and returns when
    /// all have ended or the time has come.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener, mut until: Until) {
        let activities = Arc::clone(&self.activities);
        let sweeper = tokio::spawn(async move { activities.sweep().await });
        let mut acceptor = Acceptor::new(listener);
        loop {
            let accepted = tokio::select! {
                biased;
                () = shall_end(&mut until) => break,
                accepted = acceptor.accept() => accepted,
            };
            // Beyond the limit this one waits, and those after it wait in the kernel's queue. Below it, it is let in even
            // if the end has come meanwhile: it must not be dropped.
            tokio::select! {
                biased;
                () = self.admit(accepted) => (),
                () = shall_end(&mut until) => break,
            }
        }
        self.activities.close_busy();
        self.admit_waiting(&mut acceptor).await;
        drop(acceptor);
        for part in SETTLE {
            sleep(part).await;
        }
        self.activities.close_all();
        // Without a sender nobody waits for a drain any more.
        let until = (*until.borrow()).unwrap_or_else(Instant::now);
        if timeout_at(until, self.activities.emptied()).await.is_err() {
            tracing::warn!("requests were still in flight at the end of the drain time");
        }
        sweeper.abort();
    }

    async fn admit(self: &Arc<Self>, accepted: Accepted) {
        // The semaphore is never closed.
        if let Ok(permit) = Arc::clone(&self.budget).acquire_owned().await {
            self.open(accepted, permit);
        }
    }

    /// What the kernel has established already would be reset with the listening socket.
    async fn admit_waiting(self: &Arc<Self>, acceptor: &mut Acceptor) {
        for part in SETTLE {
            let end = Instant::now() + part;
            while Instant::now() < end {
                let Ok(permit) = Arc::clone(&self.budget).try_acquire_owned() else { break };
                match timeout_at(end, acceptor.accept()).await {
                    Ok(accepted) => self.open(accepted, permit),
                    Err(_) => break,
                }
            }
            sleep_until(end).await;
        }
    }

    fn open(self: &Arc<Self>, (stream, peer): Accepted, permit: OwnedSemaphorePermit) {
        let entry = self.activities.enter(permit);
        let site = Arc::clone(self);
        match self.tls.as_deref().map(Tls::acceptor) {
            None => drop(tokio::spawn(async move { site.serve_plain(stream, peer, entry).await })),
            Some(tls) => drop(tokio::spawn(async move { site.serve_tls(tls, stream, peer, entry).await })),
        }
    }

    async fn serve_plain(&self, stream: TcpStream, peer: SocketAddr, entry: Entry) {
        let session = self.session(peer, false, &entry);
        self.protocol.serve(Stream::new(Gathered::new(Socket::new(stream)), entry), session, false).await;
    }

    async fn serve_tls(
        &self,
        tls: tokio_rustls::TlsAcceptor,
        stream: TcpStream,
        peer: SocketAddr,
        entry: Entry,
    ) {
        // Boxed, so that its state is not kept for the life of the connection.
        let stream = match timeout(self.handshake_timeout, Box::pin(tls.accept(stream))).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                return tracing::debug!(client.address = %peer.ip(), %error, "TLS handshake failed");
            }
            Err(_) => return tracing::debug!(client.address = %peer.ip(), "TLS handshake took too long"),
        };
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let session = self.session(peer, true, &entry);
        self.protocol.serve(Stream::new(stream, entry), session, http2).await;
    }

    fn session(&self, peer: SocketAddr, tls: bool, entry: &Entry) -> Arc<Session<H>> {
        // An IPv4 client of a socket for both comes as `::ffff:192.0.2.1`.
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        Arc::new(Session {
            handler: Arc::clone(&self.handler),
            connection: Arc::new(Connection::new(peer, tls)),
            activity: Arc::clone(&entry.activity),
        })
    }
}

async fn shall_end(until: &mut Until) {
    // Without a sender nobody will say so any more: then it is the end, too.
    let _ = until.wait_for(Option::is_some).await;
}

//! Upgrades: another protocol over the client's and the upstream's connection, after both have agreed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH, UPGRADE};
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::error::{Failure, ForwardErrorKind};
use super::headers;
use super::{Body, Upstream};
use crate::config::UpstreamProtocol;

/// How long a bridge may be silent if the upstream's `timeouts.idle` sets no bound.
const IDLE: Duration = Duration::from_secs(3600);

/// An upgrade that a client asks for.
pub(super) struct Upgrade {
    protocol: HeaderValue,
    client: OnUpgrade,
}

impl Upgrade {
    /// Takes the client's half out of a request that asks for an upgrade. A request that can't have one goes on as an
    /// ordinary request, without the fields that ask.
    ///
    /// # Errors
    /// [`ForwardErrorKind::Unsupported`] if the upstream is to be spoken to in HTTP/2.
    pub(super) fn take(request: &mut Request<Body>, upstream: &Upstream) -> Result<Option<Self>, Failure> {
        let Some(protocol) = request.headers().get(UPGRADE) else { return Ok(None) };
        let possible = request.extensions().get::<OnUpgrade>().is_some()
            && headers::is_upgrade(request.headers())
            && headers::may_upgrade_to(protocol);
        if !possible {
            request.headers_mut().remove(UPGRADE);
            request.headers_mut().remove(CONNECTION);
            return Ok(None);
        }
        if upstream.protocol() == UpstreamProtocol::Http2 {
            let reason = "an upgrade needs an upstream of HTTP/1.1";
            return Err(Failure::unsent(ForwardErrorKind::Unsupported, reason));
        }
        let protocol = protocol.clone();
        Ok(Some(Self { protocol, client: hyper::upgrade::on(request) }))
    }

    /// Connects both sides after the upstream's 101, if it agrees to what was asked for. The client's side begins when
    /// the answer that this gives back has been written; what the client sent before that has not been passed on.
    pub(super) fn accept(
        self,
        mut response: Response<Incoming>,
        idle: Duration,
    ) -> Result<Response<Body>, Failure> {
        let agreed = match response.headers().get(UPGRADE) {
            Some(protocol) if headers::names(&self.protocol, protocol.as_bytes()) => protocol.clone(),
            _ => {
                let reason = "a 101 to a protocol that was not asked for";
                return Err(Failure::sent(ForwardErrorKind::Malformed, reason));
            }
        };
        let upstream = hyper::upgrade::on(&mut response);
        let idle = if idle.is_zero() { IDLE } else { idle };
        tokio::spawn(bridge(self.client, upstream, idle));

        let (mut parts, _) = response.into_parts();
        headers::strip_response_hop_by_hop(&mut parts.headers);
        parts.headers.remove(CONTENT_LENGTH);
        headers::put_upgrade(&mut parts.headers, agreed);
        Ok(Response::from_parts(parts, Body::empty()))
    }
}

/// Copies both ways until both ends have closed, one of them broke, or nothing came for `idle`.
async fn bridge(client: OnUpgrade, upstream: OnUpgrade, idle: Duration) {
    let (Ok(client), Ok(upstream)) = tokio::join!(client, upstream) else { return };
    let reads = Arc::new(AtomicU64::new(0));
    let mut client = Counted { io: TokioIo::new(client), reads: Arc::clone(&reads) };
    let mut upstream = Counted { io: TokioIo::new(upstream), reads: Arc::clone(&reads) };
    tokio::select! {
        outcome = tokio::io::copy_bidirectional(&mut client, &mut upstream) => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "an upgraded connection broke");
            }
        }
        () = silence(&reads, idle) => tracing::debug!("an upgraded connection was silent for too long"),
    }
}

/// Returns after at least `idle`, and at most one and a half times that, without a read.
async fn silence(reads: &AtomicU64, idle: Duration) {
    let mut silent_halves = 0;
    let mut seen = reads.load(Ordering::Relaxed);
    while silent_halves < 2 {
        tokio::time::sleep(idle / 2).await;
        let now = reads.load(Ordering::Relaxed);
        silent_halves = if now == seen { silent_halves + 1 } else { 0 };
        seen = now;
    }
}

/// Counts reads.
struct Counted {
    io: TokioIo<Upgraded>,
    reads: Arc<AtomicU64>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

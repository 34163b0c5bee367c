//! HTTP on an accepted stream, with the limits of the configuration.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use super::activity::{Activity, Order};
use super::handler::{Handler, Session};
use super::stream::Stream;
use crate::config::ListenerLimits;
use crate::proxy::PORTION;

/// The fields of a head that hyper takes if it is not told otherwise.
const HYPER_HEADERS: usize = 100;
/// What is kept of an answer that an HTTP/2 client does not take.
const STREAM_BUFFER: usize = 64 * 1024;
/// What an HTTP/2 client may send before it is read.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Streams that were reset before they were looked at (CVE-2023-44487).
const PENDING_RESETS: usize = 20;
/// Streams that we had to reset for what the client did (CVE-2025-8671).
const LOCAL_RESETS: usize = 128;
const PING_AFTER: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves HTTP/1.1 and HTTP/2.
pub(super) struct Protocol {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocol {
    pub(super) fn new(limits: &ListenerLimits) -> Self {
        let head = usize::try_from(limits.head_bytes.get()).unwrap_or(usize::MAX);
        let mut http1 = http1::Builder::new();
        http1
            .half_close(false)
            .keep_alive(true)
            // The bounds on time are `activity`'s: hyper's would also bound the time between two requests.
            .header_read_timeout(None)
            .max_header_size(head)
            // Heads have their own limit; hyper panics below 8 KiB.
            .max_buf_size(head.max(PORTION));
        // Its own default, said again, makes hyper fill a list for each head.
        if limits.headers != HYPER_HEADERS {
            http1.max_headers(limits.headers);
        }
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.http2_streams)
            .max_header_list_size(u32::try_from(head).unwrap_or(u32::MAX))
            .max_pending_accept_reset_streams(PENDING_RESETS)
            .max_local_error_reset_streams(LOCAL_RESETS)
            .max_send_buf_size(STREAM_BUFFER)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_TIMEOUT);
        Self { http1, http2 }
    }

    /// Serves a stream until it ends: `http2` if that was agreed on by ALPN, else HTTP/1.1, or HTTP/2 with prior knowledge
    /// if that is what comes.
    pub(super) async fn serve<T, H>(&self, stream: Stream<T>, session: Arc<Session<H>>, http2: bool)
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        H: Handler,
    {
        if http2 {
            return self.serve_http2(stream, session).await;
        }
        let activity = Arc::clone(&session.activity);
        let shared = Arc::clone(&session);
        let service = service_fn(move |request| Arc::clone(&shared).call(request));
        // HTTP/1.1 is tried at once: nothing has to be read ahead to see what it is.
        let mut connection = self.http1.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let close = http1::UpgradeableConnection::graceful_shutdown;
        match drive(&activity, &mut connection, close, false).await {
            Some(Err(error)) if error.is_parse_version_h2() => {
                let Some(parts) = connection.into_parts() else { return };
                let mut stream = parts.io.into_inner();
                stream.push_back(parts.read_buf);
                self.serve_http2(stream, session).await;
            }
            Some(Err(error)) => tracing::debug!(%error, "connection ended with an error"),
            Some(Ok(())) | None => (),
        }
    }

    /// Boxed, as it is far larger than the state of the HTTP/1.1 connections that most are.
    fn serve_http2<T, H>(
        &self,
        stream: Stream<T>,
        session: Arc<Session<H>>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        H: Handler,
    {
        let activity = Arc::clone(&session.activity);
        let service = service_fn(move |request| Arc::clone(&session).call(request));
        let mut connection = self.http2.serve_connection(TokioIo::new(stream), service);
        Box::pin(async move {
            let close = http2::Connection::graceful_shutdown;
            if let Some(Err(error)) = drive(&activity, &mut connection, close, true).await {
                tracing::debug!(%error, "connection ended with an error");
            }
        })
    }
}

/// Polls a connection to its end and does what its [`Activity`] is told; `None` if that was to abort.
async fn drive<C: Future + Unpin>(
    activity: &Activity,
    connection: &mut C,
    close: impl Fn(Pin<&mut C>),
    http2: bool,
) -> Option<C::Output> {
    activity.begin(http2);
    let mut heard = None;
    let ended = std::future::poll_fn(|cx: &mut Context<'_>| {
        let mut order = activity.order();
        if heard != Some(order) {
            // At the beginning, or woken by an order, which took the waker away. A task's waker stays the same.
            activity.listen(cx.waker());
            order = activity.order();
            if order == Order::Close && heard != Some(Order::Close) {
                close(Pin::new(connection));
            }
            heard = Some(order);
        }
        if order == Order::Abort {
            return Poll::Ready(None);
        }
        Pin::new(&mut *connection).poll(cx).map(Some)
    })
    .await;
    activity.end();
    ended
}

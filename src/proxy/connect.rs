//! Opening a connection: name, TCP, TLS, and the protocol that comes out.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt as _;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::error::{Failure, ForwardErrorKind, chain};
use super::gathered::{Gathered, PORTION};
use super::line::Line;
use super::pool::{Connection, Http1Connection, Load, Pool};
use super::socket::Socket;
use super::upstream::{Endpoint, Upstream};
use crate::config::UpstreamProtocol;

/// The longest head of an answer, which has to fit in a [`PORTION`].
const HEAD: usize = 63 * 1024;

/// What is kept of a request's body that an HTTP/2 upstream does not take yet.
const STREAM_BUFFER: usize = 256 * 1024;

/// What an upstream may send of one HTTP/2 stream, and of all of a connection, before we have passed it on.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

/// How often a busy HTTP/2 connection is asked whether it lives, and how long it may take to say so.
const PING: Duration = Duration::from_secs(20);
const PONG: Duration = Duration::from_secs(10);

/// A connection for a request: a fresh one, or a stream of one that another request has opened meanwhile. `upgradable`
/// asks for HTTP/1.1 where there is a choice. Takes no longer than `timeouts.connect`.
pub(super) async fn open(
    upstream: &Upstream,
    endpoint: &Endpoint,
    pool: &Arc<Pool>,
    upgradable: bool,
) -> Result<Connection, Failure> {
    let limit = upstream.timeouts().connect.get();
    let opened = async {
        let may_share = match (upstream.protocol(), endpoint.is_tls()) {
            (UpstreamProtocol::Http1, _) | (UpstreamProtocol::Auto, false) => false,
            (UpstreamProtocol::Http2, _) => true,
            (UpstreamProtocol::Auto, true) => !upgradable && pool.speaks_http2() != Some(false),
        };
        if !may_share {
            return fresh(upstream, endpoint, pool, upgradable, limit).await;
        }
        // Everybody who needs a connection at this moment can share the one that the first of them opens.
        let _turn = pool.opening.acquire().await;
        match pool.take() {
            Some(connection) => Ok(connection),
            None => fresh(upstream, endpoint, pool, false, limit).await,
        }
    };
    match tokio::time::timeout(limit, opened).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let reason = format!("no connection to `{}` within {limit:?}", endpoint.authority());
            Err(Failure::unsent(ForwardErrorKind::ConnectTimeout, reason))
        }
    }
}

async fn fresh(
    upstream: &Upstream,
    endpoint: &Endpoint,
    pool: &Arc<Pool>,
    upgradable: bool,
    limit: Duration,
) -> Result<Connection, Failure> {
    let tcp = tcp(endpoint, pool, limit).await?;
    let Some(tls) = endpoint.tls() else {
        return match upstream.protocol() {
            UpstreamProtocol::Http2 => http2(tcp, pool).await,
            UpstreamProtocol::Auto | UpstreamProtocol::Http1 => {
                http1(Gathered::new(Socket::new(tcp)), pool).await
            }
        };
    };
    let stream = tls.connect(tcp, upgradable).await.map_err(|error| refused(endpoint, &error))?;
    let negotiated = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    if negotiated {
        http2(stream, pool).await
    } else if upstream.protocol() == UpstreamProtocol::Http2 {
        let reason = format!("`{}` does not speak HTTP/2", endpoint.authority());
        Err(Failure::unsent(ForwardErrorKind::Connect, reason))
    } else {
        http1(stream, pool).await
    }
}

/// The first address that takes a connection, in the resolver's order. Each has its share of the time.
async fn tcp(endpoint: &Endpoint, pool: &Pool, limit: Duration) -> Result<TcpStream, Failure> {
    let addresses = resolve(endpoint, pool).await?;
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut failure = None;
    for address in addresses {
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true).map_err(|error| refused(endpoint, &error))?;
                return Ok(stream);
            }
            Ok(Err(error)) => failure = Some(refused(endpoint, &error)),
            Err(_) => {
                let reason = format!("no connection to {address} within {share:?}");
                failure = Some(Failure::unsent(ForwardErrorKind::ConnectTimeout, reason));
            }
        }
    }
    Err(failure.unwrap_or_else(|| {
        let reason = format!("`{}` has no address", endpoint.authority());
        Failure::unsent(ForwardErrorKind::Connect, reason)
    }))
}

/// The addresses of the endpoint: if the name can't be resolved now, those of the last time.
async fn resolve(endpoint: &Endpoint, pool: &Pool) -> Result<Vec<SocketAddr>, Failure> {
    match tokio::net::lookup_host((endpoint.host(), endpoint.port())).await {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.collect();
            pool.resolved(&addresses);
            Ok(addresses)
        }
        Err(error) => {
            let known = pool.addresses();
            if known.is_empty() { Err(refused(endpoint, &error)) } else { Ok(known) }
        }
    }
}

async fn http1<I>(io: I, pool: &Pool) -> Result<Connection, Failure>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(PORTION).max_header_size(HEAD);
    let (sender, connection) =
        builder.handshake(TokioIo::new(io)).await.map_err(|error| handshake(&error))?;
    // Its requests learn of an error themselves.
    let line = Line::new(connection.with_upgrades().map(drop));
    pool.connected(false);
    let used_at = Instant::now();
    let timer = Box::pin(tokio::time::sleep_until(used_at));
    Ok(Connection::Http1(Box::new(Http1Connection { sender, line, timer, used_at })))
}

async fn http2<I>(io: I, pool: &Arc<Pool>) -> Result<Connection, Failure>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(HEAD as u32)
        .max_send_buf_size(STREAM_BUFFER)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG);
    let (sender, connection) =
        builder.handshake(TokioIo::new(io)).await.map_err(|error| handshake(&error))?;
    let load = Load::new();
    let told = Arc::clone(&load);
    tokio::spawn(async move {
        let mut connection = pin!(connection);
        std::future::poll_fn(|cx| {
            let ended = connection.as_mut().poll(cx);
            told.set_most(connection.current_max_send_streams());
            match ended {
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
    });
    pool.connected(true);
    Ok(pool.share(sender, load))
}

#[cold]
fn refused(endpoint: &Endpoint, error: &std::io::Error) -> Failure {
    Failure::unsent(ForwardErrorKind::Connect, format!("`{}`: {}", endpoint.authority(), chain(error)))
}

#[cold]
fn handshake(error: &hyper::Error) -> Failure {
    Failure::unsent(ForwardErrorKind::Connect, chain(error))
}

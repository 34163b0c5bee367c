//! An upstream that tells what it was sent.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_lc_rs::digest;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::background::{Background, bind, loopback, serve};

/// The body is told in full up to this size, beyond it only its length is.
const TOLD: usize = 4096;

/// Bytes of `/big`, and of `/big/{n}` where `n` is no number.
const BIG: u64 = 16 * 1024 * 1024;

/// An upstream on loopback, HTTP/1.1 and HTTP/2 with prior knowledge, that answers with what it was sent: JSON with
/// `method`, `path`, `query`, `version`, `headers` (a list of pairs), `trailers`, `body_bytes`, `body`, `remote` and
/// `upstream` (its name).
///
/// | path | answer |
/// | --- | --- |
/// | `/status/{code}` | this status |
/// | `/big`, `/big/{bytes}` | a large body with its length |
/// | `/drip` | ten bytes, one every 50 ms |
/// | `/sse` | server-sent events, without end |
/// | `/ws` | 101, then every byte comes back |
/// | `/trailers` | a body with trailers |
/// | `/duplex` | the request's body, trailers too, as it comes |
/// | `/hang` | nothing |
///
/// Anything else, and these below any prefix too, is told.
#[derive(Debug)]
pub struct EchoUpstream {
    address: SocketAddr,
    requests: Arc<AtomicU64>,
    _running: Background,
}

impl EchoUpstream {
    /// Starts one on a free port.
    pub fn start() -> io::Result<Self> {
        Self::start_at(loopback(), "echo")
    }

    /// Starts one at an address, under a name that its answers tell. An error if the address is taken.
    pub fn start_at(address: SocketAddr, name: &str) -> io::Result<Self> {
        let (listener, address) = bind(address)?;
        let requests = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&requests);
        let name: Arc<str> = name.into();
        let running = Background::run("echo-upstream", move || {
            serve(listener, move |peer, request| {
                counter.fetch_add(1, Ordering::Relaxed);
                answer(Arc::clone(&name), peer, request)
            })
        })?;
        Ok(Self { address, requests, _running: running })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests seen so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn answer(name: Arc<str>, peer: SocketAddr, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let path = request.uri().path().to_owned();
    let mut segments = path.rsplit('/');
    let last = segments.next().unwrap_or_default();
    let before = segments.next().unwrap_or_default();
    Ok(match (before, last) {
        ("status", code) => status(code),
        ("big", bytes) => big(bytes),
        (_, "big") => big(""),
        (_, "drip") => drip(),
        (_, "sse") => events(),
        (_, "ws") => upgrade(request),
        (_, "trailers") => trailers(),
        (_, "duplex") => duplex(request),
        (_, "hang") => std::future::pending().await,
        _ => echo(&name, peer, request).await?,
    })
}

async fn echo(name: &str, peer: SocketAddr, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let collected = body.collect().await.map_err(io::Error::other)?;
    let trailers = collected.trailers().cloned().unwrap_or_default();
    let body = collected.to_bytes();
    let told = (body.len() <= TOLD).then(|| String::from_utf8_lossy(&body).into_owned());
    let answer = [
        ("upstream", json!(name)),
        ("method", json!(parts.method.as_str())),
        ("path", json!(parts.uri.path())),
        ("query", json!(parts.uri.query())),
        ("authority", json!(parts.uri.authority().map(|authority| authority.as_str()))),
        ("version", json!(format!("{:?}", parts.version))),
        ("headers", json!(pairs(&parts.headers))),
        ("trailers", json!(pairs(&trailers))),
        ("body_bytes", json!(body.len())),
        ("body", json!(told)),
        ("remote", json!(peer.to_string())),
    ];
    let body = if parts.method == Method::HEAD { Body::empty() } else { Body::from(lines(&answer)) };
    Ok(typed("application/json", body))
}

/// JSON that a person can read too: a line for each member, and for each header.
fn lines(members: &[(&str, Value)]) -> String {
    let value = |value: &Value| match value.as_array().map(Vec::as_slice) {
        None | Some([]) => value.to_string(),
        Some(items) => {
            let items: Vec<_> = items.iter().map(|item| format!("  {item}")).collect();
            format!("[\n{}\n]", items.join(",\n"))
        }
    };
    let members: Vec<_> =
        members.iter().map(|(name, member)| format!("\"{name}\":{}", value(member))).collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn status(code: &str) -> Response<Body> {
    let code = code.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = code.unwrap_or(StatusCode::BAD_REQUEST);
    answer
}

fn big(bytes: &str) -> Response<Body> {
    let total = bytes.parse().unwrap_or(BIG);
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let body = stream::unfold(total, move |left: u64| {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        let piece = piece.slice(..size);
        async move { (size > 0).then(|| (Ok::<_, io::Error>(piece), left - size as u64)) }
    });
    let mut answer = typed("application/octet-stream", Body::from_stream(body));
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(total));
    answer
}

fn drip() -> Response<Body> {
    let body = stream::unfold(10_u8, |left| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b".")), left.checked_sub(1)?))
    });
    typed("text/plain", Body::from_stream(body))
}

fn events() -> Response<Body> {
    let body = stream::unfold(0_u64, |count| async move {
        if count > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some((Ok::<_, io::Error>(Bytes::from(format!("id: {count}\ndata: event {count}\n\n"))), count + 1))
    });
    typed("text/event-stream", Body::from_stream(body))
}

fn trailers() -> Response<Body> {
    let mut fields = HeaderMap::new();
    fields.insert("x-trailer", HeaderValue::from_static("at the end"));
    let frames = [Frame::data(Bytes::from_static(b"body")), Frame::trailers(fields)];
    let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
    let mut answer = typed("text/plain", Body::new(body));
    answer.headers_mut().insert(header::TRAILER, HeaderValue::from_static("x-trailer"));
    answer
}

fn duplex(request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut answer = typed("application/octet-stream", Body::new(body));
    // HTTP/1.1 sends only the trailers that were named.
    if let Some(trailer) = parts.headers.get(header::TRAILER) {
        answer.headers_mut().insert(header::TRAILER, trailer.clone());
    }
    answer
}

/// Accepts whatever protocol is asked for (RFC 9110 section 7.8; for websockets with the key of RFC 6455) and sends back
/// every byte, frames and all.
fn upgrade(mut request: Request<Incoming>) -> Response<Body> {
    let Some(protocol) = request.headers().get(header::UPGRADE).cloned() else {
        return status("426");
    };
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned();
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgraded.await else { return };
        let mut stream = TokioIo::new(upgraded);
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            let sent = stream.write_all(buffer.get(..count).unwrap_or_default()).await;
            if sent.is_err() || stream.flush().await.is_err() {
                break;
            }
        }
    });
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(header::UPGRADE, protocol);
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    if let Some(accept) = key.and_then(|key| HeaderValue::try_from(websocket_accept(key.as_bytes())).ok()) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    answer
}

/// RFC 6455 section 4.2.2.
fn websocket_accept(key: &[u8]) -> String {
    let text = [key, b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"].concat();
    STANDARD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &text))
}

fn typed(kind: &'static str, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

#[cfg(test)]
mod tests;

//! What an endpoint does in place of its work, by name.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use tower::ServiceExt as _;

use super::grant::UMA_TICKET;
use super::state::State;

/// The largest request that is read.
const REQUEST_LIMIT: usize = 1024 * 1024;

/// An endpoint of the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Both discovery documents.
    Discovery,
    /// The key set.
    Certs,
    /// The token endpoint, for every grant but UMA's.
    Token,
    /// The token endpoint, for the UMA-ticket grant.
    Uma,
    /// RFC 7662.
    Introspection,
    /// Who the token's user is.
    Userinfo,
    /// The end of a session.
    Logout,
    /// Permission tickets.
    Permission,
    /// Anything else.
    Other,
}

impl Endpoint {
    fn of(path: &str, body: &[u8]) -> Self {
        let uma = || {
            url::form_urlencoded::parse(body).any(|(key, value)| key == "grant_type" && value == UMA_TICKET)
        };
        match path.rsplit('/').next() {
            Some("openid-configuration" | "uma2-configuration") => Self::Discovery,
            Some("certs") => Self::Certs,
            Some("token") if uma() => Self::Uma,
            Some("token") => Self::Token,
            Some("introspect") => Self::Introspection,
            Some("userinfo") => Self::Userinfo,
            Some("logout") => Self::Logout,
            Some("permission") => Self::Permission,
            _ => Self::Other,
        }
    }
}

/// What is wrong with an endpoint.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A page of HTML with status 200, as a captive portal sends it.
    Html,
    /// Bytes that are not JSON, called JSON.
    Garbage,
    /// This status, with an empty body.
    Status(u16),
    /// A key set without keys.
    EmptyKeySet,
    /// The JSON value `null`.
    Null,
    /// This JSON, or what else is in the text, with status 200.
    Json(String),
    /// A body of this many bytes: JSON that begins well and does not end.
    Huge(u64),
    /// A body that goes on for ever, a byte at a time.
    Drip,
    /// A redirect to this URL, which nobody should follow.
    Redirect(String),
    /// The right answer after this time.
    Delay(Duration),
    /// The connection is closed without an answer.
    Drop,
    /// No answer, ever.
    Hang,
}

/// Counts the call and answers it: as the endpoint's fault says, or rightly.
pub(super) async fn answer(
    state: Arc<State>,
    router: Router,
    request: Request<Incoming>,
) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, REQUEST_LIMIT).collect().await.map_err(io::Error::other)?.to_bytes();
    match state.called(Endpoint::of(parts.uri.path(), &body)) {
        None => {}
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        Some(Fault::Drop) => return Err(io::Error::other("closed on purpose")),
        Some(Fault::Hang) => std::future::pending().await,
        Some(fault) => return Ok(fault.answer()),
    }
    let request = Request::from_parts(parts, Body::from(body));
    router.oneshot(request).await.map_err(|never| match never {})
}

impl Fault {
    fn answer(self) -> Response<Body> {
        match self {
            Self::Html => {
                typed("text/html", Body::from("<!doctype html><title>Welcome to this Wi-Fi</title>"))
            }
            Self::Garbage => json(Body::from(&b"\x00\xff{]"[..])),
            Self::Status(code) => {
                let mut answer = Response::new(Body::empty());
                *answer.status_mut() =
                    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                answer
            }
            Self::EmptyKeySet => json(Body::from("{\"keys\":[]}")),
            Self::Null => json(Body::from("null")),
            Self::Json(text) => json(Body::from(text)),
            Self::Huge(bytes) => json(huge(bytes)),
            Self::Redirect(url) => {
                let mut answer = Response::new(Body::empty());
                *answer.status_mut() = StatusCode::FOUND;
                if let Ok(url) = HeaderValue::from_str(&url) {
                    answer.headers_mut().insert(header::LOCATION, url);
                }
                answer
            }
            Self::Drip | Self::Delay(_) | Self::Drop | Self::Hang => json(drip()),
        }
    }
}

fn json(body: Body) -> Response<Body> {
    typed("application/json", body)
}

fn typed(kind: &'static str, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

/// Streamed in pieces of 64 KiB, so that whoever reads all of it pays, and not the issuer.
fn huge(bytes: u64) -> Body {
    let piece = Bytes::from(vec![b' '; 64 * 1024]);
    let head = Bytes::from_static(b"{\"keys\":[");
    Body::from_stream(stream::unfold((Some(head), bytes), move |(head, left)| {
        let piece = piece.clone();
        async move {
            if let Some(head) = head {
                return Some((Ok::<_, io::Error>(head), (None, left)));
            }
            let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            let next = left.checked_sub(size)?;
            Some((Ok(piece), (None, next)))
        }
    }))
}

fn drip() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b" ")), ()))
    }))
}

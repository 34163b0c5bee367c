//! A client of HTTP/1.1 or HTTP/2, plain or TLS, that streams what it is given.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Request, Response, StatusCode, Uri, Version, header};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;

use super::{Certificate, PATIENCE};

/// A body of either direction.
pub(crate) type Payload = UnsyncBoxBody<Bytes, Infallible>;

pub(crate) fn empty() -> Payload {
    Empty::new().boxed_unsync()
}

pub(crate) fn full(bytes: impl Into<Bytes>) -> Payload {
    Full::new(bytes.into()).boxed_unsync()
}

/// These frames, with no length told beforehand.
pub(crate) fn frames(frames: Vec<Frame<Bytes>>) -> Payload {
    StreamBody::new(stream::iter(frames.into_iter().map(Ok))).boxed_unsync()
}

/// What is sent from elsewhere, one frame at a time.
pub(crate) fn channel() -> (mpsc::Sender<Frame<Bytes>>, Payload) {
    let (sender, receiver) = mpsc::channel(1);
    let frames = stream::unfold(receiver, |mut receiver: mpsc::Receiver<_>| async {
        Some((Ok(receiver.recv().await?), receiver))
    });
    (sender, StreamBody::new(frames).boxed_unsync())
}

/// How a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
    TlsHttp1,
    TlsHttp2,
}

impl Protocol {
    pub(crate) const ALL: [Self; 4] = [Self::Http1, Self::Http2, Self::TlsHttp1, Self::TlsHttp2];

    pub(crate) fn is_tls(self) -> bool {
        matches!(self, Self::TlsHttp1 | Self::TlsHttp2)
    }

    pub(crate) fn is_http2(self) -> bool {
        matches!(self, Self::Http2 | Self::TlsHttp2)
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    pub(crate) fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.get(name).map(|value| value.to_str().expect("text"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The values that the echo tells of a header.
    pub(crate) fn echoed(&self, name: &str) -> Vec<String> {
        let echo = self.json();
        let headers = echo["headers"].as_array().expect("headers").clone();
        let named = headers.into_iter().filter(|pair| pair[0].as_str() == Some(name));
        named.map(|pair| pair[1].as_str().expect("text").to_owned()).collect()
    }
}

/// One connection.
pub(crate) struct Caller {
    sender: Sender,
    scheme: &'static str,
    address: SocketAddr,
}

enum Sender {
    Http1(http1::SendRequest<Payload>),
    Http2(http2::SendRequest<Payload>),
}

impl Caller {
    pub(crate) async fn connect(address: SocketAddr, protocol: Protocol, trusted: &Certificate) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        if !protocol.is_tls() {
            return Self { sender: sender(stream, protocol).await, scheme: "http", address };
        }
        let alpn = if protocol.is_http2() { "h2" } else { "http/1.1" };
        let connector = TlsConnector::from(trusted.client(&[alpn]));
        let name = ServerName::try_from("localhost").expect("a name");
        let stream = connector.connect(name, stream).await.expect("a handshake");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(alpn.as_bytes()));
        Self { sender: sender(stream, protocol).await, scheme: "https", address }
    }

    /// Over plain HTTP.
    pub(crate) async fn plain(address: SocketAddr, protocol: Protocol) -> Self {
        assert!(!protocol.is_tls());
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self { sender: sender(stream, protocol).await, scheme: "http", address }
    }

    /// Sends a request, whose URI is a path, and waits for the head of its answer.
    pub(crate) async fn start(
        &mut self,
        request: Request<Payload>,
    ) -> Result<Response<Incoming>, hyper::Error> {
        let request = self.addressed(request);
        let sending = async {
            match &mut self.sender {
                Sender::Http1(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
                Sender::Http2(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
            }
        };
        tokio::time::timeout(PATIENCE, sending).await.expect("an answer in time")
    }

    /// Sends a request and reads its answer to the end.
    pub(crate) async fn send(&mut self, request: Request<Payload>) -> Answer {
        let response = self.start(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let collected = tokio::time::timeout(PATIENCE, body.collect()).await.expect("a body in time");
        let collected = collected.expect("a whole body");
        let trailers = collected.trailers().cloned().unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, body: collected.to_bytes(), trailers }
    }

    fn addressed(&self, mut request: Request<Payload>) -> Request<Payload> {
        let authority = format!("localhost:{}", self.address.port());
        if matches!(self.sender, Sender::Http2(_)) {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            let uri = format!("{}://{authority}{path}", self.scheme);
            *request.uri_mut() = uri.parse::<Uri>().expect("a URI");
            *request.version_mut() = Version::HTTP_2;
        } else if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, authority.parse().expect("a host"));
        }
        request
    }
}

async fn sender<I>(stream: I, protocol: Protocol) -> Sender
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    if protocol.is_http2() {
        let (sender, connection) =
            http2::handshake(TokioExecutor::new(), io).await.expect("an HTTP/2 connection");
        tokio::spawn(connection);
        Sender::Http2(sender)
    } else {
        let (sender, connection) = http1::handshake(io).await.expect("an HTTP/1.1 connection");
        tokio::spawn(connection.with_upgrades());
        Sender::Http1(sender)
    }
}

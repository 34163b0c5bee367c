use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;

use super::{BOUND, Server, get, hello, read_to_end, wait_until};
use crate::config::ListenerLimits;

#[test]
fn a_connection_serves_several_requests() {
    let server = Server::hello(&ListenerLimits::default());
    let mut stream = server.connect();
    for _ in 0..3 {
        assert!(get(&mut stream).starts_with("HTTP/1.1 200 OK\r\n"));
    }
    assert_eq!(server.open_connections(), 1);
}

#[test]
fn what_is_not_http_is_refused() {
    let server = Server::hello(&ListenerLimits::default());
    let mut stream = server.connect();
    stream.write_all(b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03").unwrap();
    assert!(read_to_end(&mut stream).starts_with("HTTP/1.1 400 "));
}

#[test]
fn workers_share_a_port() {
    let server = Server::start(2, &ListenerLimits::default(), None, |_| async {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        Response::new(Full::from(format!("{name}hello")))
    });
    let answers: BTreeSet<_> =
        (0..64).map(|_| get(&mut server.connect()).split_once("\r\n\r\n").unwrap().1.to_owned()).collect();
    assert_eq!(answers, ["worker-0hello", "worker-1hello"].map(str::to_owned).into());
}

#[tokio::test]
async fn http2_with_prior_knowledge_is_served() {
    let server = Server::start(1, &ListenerLimits::default(), None, |request: Request<_>| async move {
        assert_eq!(request.version(), Version::HTTP_2);
        hello()
    });
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let requests = (0..20).map(|_| {
        let mut sender = sender.clone();
        async move {
            let request = Request::get("http://x/").body(Empty::<Bytes>::new()).unwrap();
            let response = sender.send_request(request).await.unwrap();
            response.into_body().collect().await.unwrap().to_bytes()
        }
    });
    for body in futures_util::future::join_all(requests).await {
        assert_eq!(body, "hello");
    }
    assert_eq!(server.open_connections(), 1);
}

#[tokio::test]
async fn a_drain_lets_http2_streams_end() {
    let gate = Arc::new(Semaphore::new(0));
    let opens = Arc::clone(&gate);
    let mut server = Server::start(1, &ListenerLimits::default(), None, move |_| {
        let gate = Arc::clone(&opens);
        async move {
            let _open = gate.acquire().await;
            hello()
        }
    });
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = |sender: &mut hyper::client::conn::http2::SendRequest<_>| {
        sender.send_request(Request::get("http://x/").body(Empty::<Bytes>::new()).unwrap())
    };
    let first = request(&mut sender);
    let first = tokio::spawn(first);
    while tokio::net::TcpStream::connect(server.address).await.is_ok() {
        server.end(BOUND);
        tokio::task::yield_now().await;
    }
    gate.add_permits(1);
    let response = first.await.unwrap().unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
    // GOAWAY has come, and the connection ends by itself.
    connection.await.unwrap().unwrap();
    server.join();
}

#[tokio::test]
async fn an_upgraded_connection_counts_until_it_ends() {
    let server = Server::start(1, &ListenerLimits::default(), None, |request: Request<_>| async move {
        tokio::spawn(async move {
            let mut upgraded = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
            let mut ping = [0; 4];
            upgraded.read_exact(&mut ping).await.unwrap();
            upgraded.write_all(&ping).await.unwrap();
            upgraded.read_exact(&mut ping).await.unwrap();
        });
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("upgrade"));
        response.headers_mut().insert(http::header::UPGRADE, http::HeaderValue::from_static("ping"));
        response
    });
    let mut stream = server.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: ping\r\n\r\nPING")
        .unwrap();
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\nPING") {
        stream.read_exact(&mut byte).unwrap();
        read.extend_from_slice(&byte);
    }
    assert!(read.starts_with(b"HTTP/1.1 101 "));
    assert_eq!(server.open_connections(), 1);
    stream.write_all(b"DONE").unwrap();
    wait_until(|| server.open_connections() == 0);
}

//! Requests and answers of every kind, over every pair of protocols.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use http_body::Frame;
use http_body_util::BodyExt as _;

use super::matrix::Matrix;
use crate::wire::{empty, frames, full};

fn data(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

fn trailers(name: &'static str, value: &'static str) -> Frame<Bytes> {
    let mut fields = HeaderMap::new();
    fields.insert(name, HeaderValue::from_static(value));
    Frame::trailers(fields)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_get_reaches_every_upstream_from_every_client_again_and_again() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        for _ in 0..3 {
            let request = cell.request(Method::GET, "/a%20b?c=d%26&e").header("x-kept", "1");
            let answer = cell.caller.send(request.body(empty()).expect("a request")).await;
            let echo = answer.json();
            assert_eq!(answer.status, 200, "{}: {}", cell.name(), answer.text());
            assert_eq!(echo["version"], cell.version, "{}", cell.name());
            assert_eq!((&echo["path"], &echo["query"]), (&"/a%20b".into(), &"c=d%26&e".into()));
            assert_eq!(answer.echoed("x-kept"), ["1"], "{}", cell.name());
            assert_eq!(answer.echoed("x-auth-username"), ["alice"], "{}", cell.name());
            let scheme = if cell.protocol.is_tls() { "https" } else { "http" };
            assert_eq!(answer.echoed("x-forwarded-proto"), [scheme], "{}", cell.name());
            assert_eq!(answer.header("content-type"), Some("application/json"));
            assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_authority_asked_for_reaches_every_upstream() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        let request = cell.request(Method::GET, "/").body(empty()).expect("a request");
        let answer = cell.caller.send(request).await;
        let echo = answer.json();
        let hosts = answer.echoed("host");
        let told = echo["authority"].as_str().map_or_else(|| hosts.concat(), str::to_owned);
        assert!(told.starts_with("localhost:"), "{}: {echo}", cell.name());
        assert!(hosts.len() <= 1, "{}: {hosts:?}", cell.name());
        assert_eq!(answer.echoed("x-forwarded-host"), [told], "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_with_a_length_keeps_it() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        let request = cell.request(Method::POST, "/x").header("content-length", "5").body(full("hello"));
        let answer = cell.caller.send(request.expect("a request")).await;
        assert_eq!(answer.json()["body"], "hello", "{}", cell.name());
        assert_eq!(answer.echoed("content-length"), ["5"], "{}", cell.name());
        assert_eq!(answer.echoed("transfer-encoding"), Vec::<String>::new(), "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_streamed_body_and_its_trailers_arrive() {
    let matrix = Matrix::start().await;
    for method in [Method::POST, Method::PUT, Method::GET, Method::DELETE] {
        for mut cell in matrix.cells().await {
            let body = frames(vec![data("one "), data("two"), trailers("x-checksum", "7")]);
            let request = cell.request(method.clone(), "/x").header("trailer", "x-checksum");
            // A client of HTTP/1.1 must say itself that a GET has a body.
            let request = match cell.protocol.is_http2() {
                true => request,
                false => request.header("transfer-encoding", "chunked"),
            };
            let answer = cell.caller.send(request.body(body).expect("a request")).await;
            let echo = answer.json();
            assert_eq!(echo["body"], "one two", "{method} {}: {echo}", cell.name());
            assert_eq!(
                echo["trailers"],
                serde_json::json!([["x-checksum", "7"]]),
                "{method} {}",
                cell.name()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answers_trailers_arrive() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        let request = cell.request(Method::GET, "/trailers").header("te", "trailers");
        let answer = cell.caller.send(request.body(empty()).expect("a request")).await;
        assert_eq!(answer.text(), "body", "{}", cell.name());
        assert_eq!(answer.trailer("x-trailer"), Some("at the end"), "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_without_a_body_have_none_and_the_connection_goes_on() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        for (method, path, status) in [
            (Method::HEAD, "/x", 200),
            (Method::HEAD, "/big/1000", 200),
            (Method::GET, "/status/204", 204),
            (Method::GET, "/status/304", 304),
            (Method::HEAD, "/status/404", 404),
            (Method::OPTIONS, "/status/204", 204),
            (Method::DELETE, "/status/205", 205),
            (Method::POST, "/status/200", 200),
        ] {
            let request = cell.request(method.clone(), path).body(empty()).expect("a request");
            let answer = cell.caller.send(request).await;
            assert_eq!(answer.status, status, "{method} {path} {}", cell.name());
            assert_eq!(answer.text(), "", "{method} {path} {}", cell.name());
            if path == "/big/1000" {
                assert_eq!(answer.header("content-length"), Some("1000"), "{}", cell.name());
            }
            if status == 204 {
                assert_eq!(answer.header("content-length"), None, "{}", cell.name());
            }
        }
        let request = cell.request(Method::OPTIONS, "/x").body(empty()).expect("a request");
        assert_eq!(cell.caller.send(request).await.json()["method"], "OPTIONS", "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_pass_as_they_are() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        for status in [201, 299, 301, 401, 403, 418, 429, 500, 502, 503, 599] {
            let request = cell.request(Method::GET, &format!("/status/{status}")).body(empty());
            let answer = cell.caller.send(request.expect("a request")).await;
            assert_eq!(answer.status, status, "{}", cell.name());
            assert_eq!(answer.header("www-authenticate"), None, "the upstream's own 401 says what it says");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cookies_reach_the_upstream_as_one_field() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await.into_iter().filter(|cell| cell.protocol.is_http2()) {
        let request = cell.request(Method::GET, "/x").header("cookie", "a=1").header("cookie", "b=2; c=3");
        let answer = cell.caller.send(request.body(empty()).expect("a request")).await;
        assert_eq!(answer.echoed("cookie").join("; "), "a=1; b=2; c=3", "{}", cell.name());
        assert!(cell.version == "HTTP/2.0" || answer.echoed("cookie").len() == 1, "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_share_an_http2_connection() {
    let matrix = Matrix::start().await;
    for upstream in ["http1", "h2c", "tls_auto"] {
        let mut cell = matrix.cell(crate::wire::Protocol::Http2, upstream).await;
        // Each waits in the upstream while the others come.
        let mut bodies = Vec::new();
        for _ in 0..50 {
            let request = cell.request(Method::GET, "/sse").body(empty()).expect("a request");
            bodies.push(cell.caller.start(request).await.expect("an answer").into_body());
        }
        for body in &mut bodies {
            let frame = body.frame().await.expect("a frame").expect("data");
            assert!(frame.into_data().is_ok_and(|data| data.starts_with(b"id: 0")), "{upstream}");
        }
    }
}

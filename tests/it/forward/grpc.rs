//! Exchanges in the shape of gRPC: what the upstream says passes, what the gateway says is a gRPC status.

use bytes::Bytes;
use gatecloak::testing::{BadUpstream, DevIdp, Misbehaviour};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::matrix::Matrix;
use crate::stage::{Stage, demo_realm};
use crate::wire::{Caller, Payload, Protocol, Upstream, channel, empty, frames, full};

/// A message as gRPC frames it: not compressed, of two bytes.
const MESSAGE: &[u8] = b"\0\0\0\0\x02hi";

fn call(path: &str, token: Option<&str>, body: Payload) -> Request<Payload> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("content-type", "application/grpc+proto")
        .header("te", "trailers");
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    request.body(body).expect("a request")
}

/// Mirrors what it is sent; then says how it went.
async fn service(request: Request<Incoming>) -> Response<Payload> {
    let te = request.headers().get("te").cloned();
    let fails = request.uri().path().ends_with("/Fail");
    let only = request.uri().path().ends_with("/Only");
    let message =
        if fails { Bytes::new() } else { request.into_body().collect().await.expect("a body").to_bytes() };
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static(if fails { "5" } else { "0" }));
    trailers.insert("grpc-message", HeaderValue::from_static("all%20said"));
    trailers.insert("x-te", te.unwrap_or(HeaderValue::from_static("none")));
    let mut response = match only {
        true => Response::new(empty()),
        false => Response::new(frames(vec![Frame::data(message), Frame::trailers(trailers.clone())])),
    };
    if only {
        response.headers_mut().extend(trailers);
    }
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc+proto"));
    response
}

fn upstreams(upstream: &Upstream) -> String {
    format!(
        "[upstreams.grpc]\nendpoints = [\"http://{}\"]\nprotocol = \"http2\"\n\
         [routes.all]\npath = \"/orders.Orders/*\"\nupstream = \"grpc\"\n\
         [routes.managers]\npath = \"/managers.Managers/*\"\nupstream = \"grpc\"\n\
         require = {{ realm_role = \"manager\" }}\n",
        upstream.address
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upstreams_messages_and_status_pass() {
    let upstream = Upstream::start(service).await;
    let stage = Stage::start(&upstreams(&upstream));
    let token = stage.token("alice");
    let mut caller = Caller::plain(stage.gateway.address(), Protocol::Http2).await;
    let answer = caller.send(call("/orders.Orders/Get", Some(&token), full(MESSAGE))).await;
    assert_eq!((answer.status.as_u16(), &*answer.body), (200, MESSAGE));
    assert_eq!(answer.header("content-type"), Some("application/grpc+proto"));
    assert_eq!(answer.trailer("grpc-status"), Some("0"));
    assert_eq!(answer.trailer("grpc-message"), Some("all%20said"));
    assert_eq!(answer.trailer("x-te"), Some("trailers"), "the upstream was told of trailers");

    let answer = caller.send(call("/orders.Orders/Fail", Some(&token), full(MESSAGE))).await;
    assert_eq!((answer.trailer("grpc-status"), answer.body.len()), (Some("5"), 0));

    let answer = caller.send(call("/orders.Orders/Only", Some(&token), full(MESSAGE))).await;
    assert_eq!((answer.header("grpc-status"), answer.body.len()), (Some("0"), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_streaming_call_goes_both_ways() {
    let matrix = Matrix::start().await;
    let mut cell = matrix.cell(Protocol::Http2, "h2c").await;
    let (sender, body) = channel();
    let request = cell.request(Method::POST, "/duplex").header("content-type", "application/grpc");
    let response = cell.caller.start(request.body(body).expect("a request")).await.expect("an answer");
    let mut answers = response.into_body();
    for _ in 0..10 {
        sender.send(Frame::data(Bytes::from_static(MESSAGE))).await.expect("sent");
        let frame = answers.frame().await.expect("a frame").expect("a message");
        assert!(frame.into_data().is_ok_and(|data| data == MESSAGE));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_grpc_statuses_in_trailers_only() {
    let upstream = Upstream::start(service).await;
    let bad = BadUpstream::start(Misbehaviour::Refuse).expect("an address");
    let further = format!(
        "[upstreams.bad]\nendpoints = [\"http://{}\"]\n[routes.bad]\npath = \"/bad.Bad/*\"\nupstream = \"bad\"\n",
        bad.address()
    );
    let stage = Stage::start(&(upstreams(&upstream) + &further));
    let bob = stage.token("bob");
    for (path, token, status, code) in [
        ("/orders.Orders/Get", None, "16", "token_missing"),
        ("/orders.Orders/Get", Some("a.b.c"), "16", "token_malformed"),
        ("/managers.Managers/Get", Some(&*bob), "7", "role_missing"),
        ("/nobody.Nobody/Get", Some(&*bob), "12", "no_route"),
        ("/bad.Bad/Get", Some(&*bob), "14", "upstream_unreachable"),
        ("/orders.Orders//Get", Some(&*bob), "3", ""),
    ] {
        let mut caller = Caller::plain(stage.gateway.address(), Protocol::Http2).await;
        let answer = caller.send(call(path, token, full(MESSAGE))).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/grpc"), "{path}");
        assert_eq!(answer.header("grpc-status"), Some(status), "{path}: {answer:?}");
        assert!(code.is_empty() || answer.header("grpc-message") == Some(code), "{path}: {answer:?}");
        assert!(answer.body.is_empty() && answer.trailers.is_empty(), "{path}: {answer:?}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
    assert_eq!(upstream.requests(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issuer_that_is_down_is_unavailable() {
    let upstream = Upstream::start(service).await;
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let token = idp.token("web", "alice").expect("a token");
    idp.stop();
    let toml = format!(
        "[providers.demo]\nissuer = \"{}\"\nclient_id = \"gateway\"\n{}",
        idp.issuer(),
        upstreams(&upstream)
    );
    let gateway = crate::stage::start_gateway(&toml);
    let mut caller = Caller::plain(gateway.address(), Protocol::Http2).await;
    let answer = caller.send(call("/orders.Orders/Get", Some(&token), full(MESSAGE))).await;
    assert_eq!(answer.header("grpc-status"), Some("14"), "{answer:?}");
    assert_eq!(answer.header("grpc-message"), Some("keys_unavailable"));
}

//! Bytes pass as they come, both ways at once, and no faster than they are taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use gatecloak::testing::TestGateway;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::matrix::Matrix;
use crate::stage::start_gateway;
use crate::wire::{Caller, PATIENCE, Payload, Protocol, Upstream, channel, empty, full};

const WHOLE: u64 = 64 << 20;
/// What may lie in the gateway and in the kernel's buffers of two connections while nobody reads.
const IN_BETWEEN: u64 = 24 << 20;
const PIECE: usize = 64 << 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_arrives_while_the_stream_is_open() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        let request = cell.request(Method::GET, "/sse").body(empty()).expect("a request");
        let response = cell.caller.start(request).await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut body = response.into_body();
        for number in 0..3 {
            let event = next(&mut body).await.expect("an event");
            assert!(event.starts_with(format!("id: {number}\n").as_bytes()), "{}: {event:?}", cell.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_may_send_slowly_while_it_reads() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await {
        let (sender, body) = channel();
        let request =
            cell.request(Method::POST, "/duplex").header("trailer", "x-end").header("te", "trailers");
        let response = cell.caller.start(request.body(body).expect("a request")).await.expect("an answer");
        let mut body = response.into_body();
        for number in 0..5 {
            let part = format!("part {number}");
            sender.send(Frame::data(part.clone().into())).await.expect("sent");
            assert_eq!(next(&mut body).await.expect("the echo"), part, "{}", cell.name());
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("x-end", HeaderValue::from_static("yes"));
        sender.send(Frame::trailers(trailers.clone())).await.expect("sent");
        drop(sender);
        let rest = body.collect().await.expect("an end");
        assert_eq!(rest.trailers(), Some(&trailers), "{}", cell.name());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_is_read_no_faster_than_the_client_takes_it() {
    for (protocol, upstream_protocol) in PAIRS {
        let (body, counter) = counted();
        let body = Arc::new(Mutex::new(Some(body)));
        let upstream = Upstream::start(move |_| {
            let body = body.lock().take().unwrap_or_else(empty);
            async move { Response::new(body) }
        })
        .await;
        let gateway = public(&upstream, upstream_protocol);
        let mut caller = Caller::plain(gateway.address(), protocol).await;
        let response = caller.start(get("/x")).await.expect("an answer");
        settled(&counter).await;
        let ahead = counter.load(Ordering::Relaxed);
        assert!(ahead < IN_BETWEEN, "{protocol:?} -> {upstream_protocol}: {ahead} bytes were read ahead");
        assert_eq!(length(response.into_body()).await, WHOLE, "{protocol:?} -> {upstream_protocol}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_read_no_faster_than_the_upstream_takes_it() {
    for (protocol, upstream_protocol) in PAIRS {
        let go = Arc::new(Notify::new());
        let waits = Arc::clone(&go);
        let upstream = Upstream::start(move |request: Request<Incoming>| {
            let go = Arc::clone(&waits);
            async move {
                go.notified().await;
                Response::new(full(length(request.into_body()).await.to_string()))
            }
        })
        .await;
        let gateway = public(&upstream, upstream_protocol);
        let mut caller = Caller::plain(gateway.address(), protocol).await;
        let (body, counter) = counted();
        let request = Request::post("/x").body(body).expect("a request");
        let sending = tokio::spawn(async move { caller.send(request).await });
        settled(&counter).await;
        let ahead = counter.load(Ordering::Relaxed);
        assert!(ahead < IN_BETWEEN, "{protocol:?} -> {upstream_protocol}: {ahead} bytes were read ahead");
        go.notify_one();
        let answer = sending.await.expect("an answer");
        assert_eq!(answer.text(), WHOLE.to_string(), "{protocol:?} -> {upstream_protocol}");
    }
}

const PAIRS: [(Protocol, &str); 4] = [
    (Protocol::Http1, "http1"),
    (Protocol::Http1, "http2"),
    (Protocol::Http2, "http1"),
    (Protocol::Http2, "http2"),
];

fn public(upstream: &Upstream, protocol: &str) -> TestGateway {
    start_gateway(&format!(
        "[upstreams.x]\nendpoints = [\"http://{}\"]\nprotocol = \"{protocol}\"\n\
         [routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits.body_bytes = 0\n",
        upstream.address
    ))
}

fn get(path: &str) -> Request<Payload> {
    Request::get(path).body(empty()).expect("a request")
}

/// A body of [`WHOLE`] bytes, and how much of it has been taken.
fn counted() -> (Payload, Arc<AtomicU64>) {
    let taken = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&taken);
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let pieces = stream::unfold(0_u64, move |sent| {
        let (piece, counter) = (piece.clone(), Arc::clone(&counter));
        async move {
            let next = sent + PIECE as u64;
            (sent < WHOLE).then(|| {
                counter.store(next, Ordering::Relaxed);
                (Ok(Frame::data(piece)), next)
            })
        }
    });
    (StreamBody::new(pieces).boxed_unsync(), taken)
}

/// Waits until a number has grown and then stood still for a while.
async fn settled(counter: &AtomicU64) {
    let end = Instant::now() + PATIENCE;
    let (mut seen, mut still) = (0, 0);
    while still < 20 {
        assert!(Instant::now() < end, "it goes on and on: {seen}");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = counter.load(Ordering::Relaxed);
        still = if now == seen && now > 0 { still + 1 } else { 0 };
        seen = now;
    }
}

async fn next(body: &mut Incoming) -> Option<Bytes> {
    let frame = tokio::time::timeout(PATIENCE, body.frame()).await.expect("a frame in time");
    frame?.expect("a frame").into_data().ok()
}

async fn length(mut body: Incoming) -> u64 {
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        length += frame.expect("a frame").data_ref().map_or(0, |data| data.len() as u64);
    }
    length
}

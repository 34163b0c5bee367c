//! Bounds on time and length, each with the answer that tells which one it was.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use gatecloak::testing::{BadUpstream, ChaosProxy, EchoUpstream, Misbehaviour, RawClient, RawResponse};
use http::{Method, Request};
use http_body::Frame;

use crate::stage::Stage;
use crate::wire::{Caller, PATIENCE, Protocol, Upstream, channel, eventually, full};

/// With clients that send slowly.
const IMPATIENT: &str = "[listener.limits]\nbody_idle_timeout = \"200ms\"\n";

/// A gateway in front of one upstream, with further lines of its table and of its route's.
fn behind(address: std::net::SocketAddr, upstream: &str, route: &str) -> Stage {
    Stage::start(&format!(
        "[upstreams.it]\nendpoints = [\"http://{address}\"]\n{upstream}\n\
         [routes.all]\npath = \"/*\"\nupstream = \"it\"\nrequire = \"public\"\n{route}\n"
    ))
}

fn code(answer: &RawResponse) -> String {
    let problem = answer.json().unwrap_or_else(|_| panic!("no problem: {answer:?}"));
    problem["code"].as_str().expect("a code").to_owned()
}

#[test]
fn an_upstream_that_takes_no_connection_in_time_is_504() {
    // A queue that is full: the kernel answers no further SYN.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("bound");
    socket.listen(0).expect("listening");
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().expect("an address");
    let filled: Vec<_> =
        (0..8).map_while(|_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok()).collect();
    assert!(filled.len() < 8, "the queue takes everything");
    let stage = behind(address, "timeouts.connect = \"200ms\"", "");
    let answer = stage.get("/", None);
    assert_eq!((answer.status, code(&answer).as_str()), (504, "upstream_connect_timeout"));
}

#[test]
fn a_stalled_tls_handshake_is_504() {
    let bad = BadUpstream::start(Misbehaviour::Hang).expect("an upstream");
    let stage = Stage::start(&format!(
        "[upstreams.it]\nendpoints = [\"https://{}\"]\ntimeouts.connect = \"200ms\"\n\
         [routes.all]\npath = \"/*\"\nupstream = \"it\"\nrequire = \"public\"\n",
        bad.address()
    ));
    let answer = stage.get("/", None);
    assert_eq!((answer.status, code(&answer).as_str()), (504, "upstream_connect_timeout"));
}

#[test]
fn no_head_of_an_answer_in_time_is_504() {
    for misbehaviour in [Misbehaviour::Hang, Misbehaviour::DripHead] {
        let bad = BadUpstream::start(misbehaviour).expect("an upstream");
        let stage = behind(bad.address(), "timeouts.first_byte = \"200ms\"", "");
        let answer = stage.get("/", None);
        assert_eq!((answer.status, code(&answer).as_str()), (504, "upstream_timeout"), "{misbehaviour:?}");
        assert_eq!(answer.json().expect("a problem")["source"], "upstream");
        assert_eq!(bad.heads().len(), 1, "{misbehaviour:?}: it is not tried again");
    }
}

#[test]
fn an_upstream_that_goes_silent_is_cut_and_so_is_the_answer() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let between = ChaosProxy::start(upstream.address()).expect("a proxy");
    for (name, protocol) in [("http1", "http1"), ("http2", "http2")] {
        let further = format!("protocol = \"{protocol}\"\ntimeouts.idle = \"300ms\"");
        let stage = behind(between.address(), &further, "");
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send("GET /sse HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        let begin = client.bytes(1).expect("the head");
        assert!(begin.starts_with(b"HTTP/1.1 200"), "{name}");
        between.stall();
        assert!(client.is_closed_within(PATIENCE), "{name}");
        eventually("the log says that it broke off", || {
            stage.gateway.access_log().contains("\"response.aborted\":true")
        });
        between.restore();
    }
}

#[test]
fn half_an_answer_is_never_taken_for_a_whole_one() {
    for misbehaviour in [Misbehaviour::CutBody, Misbehaviour::CutChunks, Misbehaviour::HangInBody] {
        let bad = BadUpstream::start(misbehaviour).expect("an upstream");
        let stage = behind(bad.address(), "timeouts.idle = \"200ms\"", "");
        let answer = stage.get("/", None);
        assert_eq!(answer.status, 200, "{misbehaviour:?}");
        assert!(!answer.complete, "{misbehaviour:?}: {answer:?}");
    }
}

#[test]
fn the_whole_exchange_is_bounded_before_and_after_the_head() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let stage = behind(upstream.address(), "", "limits.total_timeout = \"300ms\"");
    let answer = stage.get("/hang", None);
    assert_eq!((answer.status, code(&answer).as_str()), (504, "total_timeout"));
    let answer = stage.get("/sse", None);
    assert_eq!((answer.status, answer.complete), (200, false));
    // A client that is slow to send spends the same time.
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhalf").expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!((answer.status, code(&answer).as_str()), (504, "total_timeout"));
}

#[test]
fn a_client_that_stops_in_the_middle_of_its_body_is_408_and_closed() {
    for protocol in ["http1", "http2"] {
        let upstream = EchoUpstream::start().expect("an upstream");
        let stage = behind(upstream.address(), &format!("protocol = \"{protocol}\""), IMPATIENT);
        for head in ["Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"] {
            let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
            client.send(format!("POST /x HTTP/1.1\r\nHost: a\r\n{head}")).expect("sent");
            let answer = client.response().expect("an answer");
            assert_eq!((answer.status, code(&answer).as_str()), (408, "request_body_timeout"), "{protocol}");
            assert!(client.is_closed_within(PATIENCE));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upstream_that_takes_no_more_of_a_body_is_504() {
    let upstream = Upstream::start(|_| std::future::pending()).await;
    for protocol in ["http1", "http2"] {
        let further = format!("protocol = \"{protocol}\"\ntimeouts.first_byte = \"300ms\"");
        let stage = behind(upstream.address, &further, "");
        let mut caller = Caller::plain(stage.gateway.address(), Protocol::Http2).await;
        let request = Request::post("/x").body(full(vec![b'x'; 32 << 20])).expect("a request");
        let answer = caller.send(request).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (504, &"upstream_timeout".into()));
    }
    assert_eq!(upstream.requests(), 2, "neither is sent again");
}

#[test]
fn a_client_that_goes_away_in_the_middle_of_its_body_leaves_nothing_behind() {
    let bad = BadUpstream::start(Misbehaviour::Hang).expect("an upstream");
    let stage = behind(bad.address(), "", "");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").expect("sent");
    eventually("the upstream is asked", || bad.heads().len() == 1);
    drop(client);
    eventually("the upstream's connection ends", || bad.closed() == 1);
}

#[test]
fn a_client_that_goes_away_while_it_waits_cancels_the_exchange() {
    let bad = BadUpstream::start(Misbehaviour::Hang).expect("an upstream");
    let stage = behind(bad.address(), "", "");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
    eventually("the upstream is asked", || bad.heads().len() == 1);
    drop(client);
    eventually("the upstream's connection ends", || bad.closed() == 1);
    eventually("the log tells", || stage.gateway.access_log().contains("client_gone"));
}

#[test]
fn a_body_that_says_it_is_too_long_is_413_and_never_begun() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let stage = behind(upstream.address(), "", "limits.body_bytes = \"1KiB\"");
    assert_eq!(stage.request("POST", "/x", &[], &[b'x'; 1024]).status, 200);
    assert_eq!(upstream.requests(), 1);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\nExpect: 100-continue\r\n\r\n";
    client.send(head).expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!((answer.status, code(&answer).as_str()), (413, "request_body_too_large"));
    assert!(client.is_closed_within(PATIENCE), "the body is not read as a request");
    assert_eq!(upstream.requests(), 1);
}

#[test]
fn a_body_that_turns_out_too_long_is_413() {
    for protocol in ["http1", "http2"] {
        let upstream = EchoUpstream::start().expect("an upstream");
        let further = format!("protocol = \"{protocol}\"");
        let stage = behind(upstream.address(), &further, "limits.body_bytes = \"1KiB\"");
        let chunk = format!("200\r\n{}\r\n", "x".repeat(512));
        let head = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send(format!("{head}{chunk}{chunk}0\r\n\r\n")).expect("sent");
        assert_eq!(client.response().expect("an answer").status, 200, "{protocol}: exactly the limit");
        client.send(format!("{head}{chunk}{chunk}1\r\nx\r\n0\r\n\r\n")).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!((answer.status, code(&answer).as_str()), (413, "request_body_too_large"), "{protocol}");
        assert!(client.is_closed_within(PATIENCE));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_bounds_hold_for_http2() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let stage = behind(upstream.address(), "", &format!("limits.body_bytes = \"1KiB\"\n{IMPATIENT}"));
    let mut caller = Caller::plain(stage.gateway.address(), Protocol::Http2).await;
    let post = || Request::builder().method(Method::POST).uri("/x");
    let answer = caller.send(post().body(full(vec![b'x'; 1025])).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (413, &"request_body_too_large".into()));

    let (sender, body) = channel();
    let feeding = tokio::spawn(async move {
        // Fails once the gateway has had enough.
        while sender.send(Frame::data(vec![b'x'; 512].into())).await.is_ok() {}
    });
    let answer = caller.send(post().body(body).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (413, &"request_body_too_large".into()));
    feeding.await.expect("an end");

    let (sender, body) = channel();
    let answer = caller.send(post().body(body).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (408, &"request_body_timeout".into()));
    drop(sender);
    let answer = caller.send(post().body(full("hello")).expect("a request")).await;
    assert_eq!(answer.json()["body"], "hello", "the connection is good for others");
}

//! WebSockets: through the gateway with a token, and refused before the upgrade without one.

use gatecloak::testing::{BadUpstream, ChaosProxy, EchoUpstream, Misbehaviour, RawClient};

use http::Method;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::matrix::Matrix;
use crate::stage::{Stage, echoed};
use crate::wire::{empty, eventually};

/// The key and its answer of RFC 6455 section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

fn stage() -> Stage {
    Stage::start(
        "[upstreams.h2c]\nendpoints = [\"http://127.0.0.1:9\"]\nprotocol = \"http2\"\n\
         [routes.h2c]\npath = \"/h2c/*\"\nupstream = \"h2c\"\n\
         [routes.all]\npath = \"/*\"\nupstream = \"echo\"\n",
    )
}

fn handshake(path: &str, token: Option<&str>) -> String {
    let bearer = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    format!(
        "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{bearer}\r\n"
    )
}

#[test]
fn a_websocket_with_a_token_carries_bytes_both_ways() {
    let stage = stage();
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send(handshake("/ws", Some(&stage.token("alice")))).expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!(answer.status, 101);
    assert_eq!(answer.header("upgrade"), Some("websocket"));
    assert_eq!(answer.header("sec-websocket-accept"), Some(ACCEPT));
    assert_eq!(answer.header("content-length"), None);
    for message in ["hello", "\u{0}\r\n\r\nGET / HTTP/1.1\r\n\r\n", "bye"] {
        client.send(message).expect("sent");
        assert_eq!(client.bytes(message.len()).expect("the echo"), message.as_bytes());
    }
    let big = vec![7; 1 << 20];
    let sender = client.stream().try_clone().expect("a second handle");
    let sent = big.clone();
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut &sender, &sent));
    assert!(client.bytes(big.len()).expect("the echo") == big);
    writing.join().expect("a thread").expect("sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn websockets_pass_over_tls_on_both_sides_and_beside_http2() {
    let matrix = Matrix::start().await;
    for mut cell in matrix.cells().await.into_iter().filter(|cell| !cell.protocol.is_http2()) {
        // Where HTTP/2 can be agreed on there is a connection of it already.
        let request = cell.request(Method::GET, "/x").body(empty()).expect("a request");
        assert_eq!(cell.caller.send(request).await.status, 200, "{}", cell.name());
        let request = cell.request(Method::GET, "/ws").header("connection", "upgrade");
        let request = request.header("upgrade", "websocket").body(empty()).expect("a request");
        let response = cell.caller.start(request).await.expect("an answer");
        if matches!(cell.upstream, "h2c" | "tls_http2") {
            assert_eq!(response.status(), 501, "{}", cell.name());
            continue;
        }
        assert_eq!(response.status(), 101, "{}", cell.name());
        let mut socket = TokioIo::new(hyper::upgrade::on(response).await.expect("an upgrade"));
        socket.write_all(b"hello").await.expect("sent");
        let mut echo = [0; 5];
        socket.read_exact(&mut echo).await.expect("the echo");
        assert_eq!(&echo, b"hello", "{}", cell.name());
    }
}

#[test]
fn bytes_sent_along_with_the_handshake_arrive_after_the_upgrade() {
    let stage = stage();
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send(handshake("/ws", Some(&stage.token("alice"))) + "early").expect("sent");
    assert_eq!(client.response().expect("an answer").status, 101);
    assert_eq!(client.bytes(5).expect("the echo"), b"early");
}

#[test]
fn a_websocket_without_a_good_token_is_refused_before_the_upgrade() {
    let stage = stage();
    for token in [None, Some("garbage")] {
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send(handshake("/ws", token)).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.status, 401);
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Bearer ")));
        assert_eq!(answer.header("upgrade"), None);
    }
    assert_eq!(stage.upstream.requests(), 0);
}

#[test]
fn an_upstream_that_declines_the_upgrade_answers_as_usual() {
    let stage = stage();
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let token = stage.token("alice");
    client.send(handshake("/not-a-socket", Some(&token))).expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!(answer.status, 200);
    assert_eq!(echoed(&answer, "upgrade"), ["websocket"], "the upstream was asked");
    client.send(handshake("/ws", Some(&token))).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 101, "the connection is good for another");
}

#[test]
fn an_upgrade_to_an_upstream_of_http2_is_501() {
    let stage = stage();
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send(handshake("/h2c/ws", Some(&stage.token("alice")))).expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!(answer.status, 501);
    assert_eq!(answer.json().expect("a problem")["code"], "upgrade_unsupported");
}

#[test]
fn the_end_of_one_side_is_the_end_of_the_other() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let between = ChaosProxy::start(upstream.address()).expect("a proxy");
    let stage = Stage::start(&format!(
        "[upstreams.cut]\nendpoints = [\"http://{}\"]\n[routes.all]\npath = \"/*\"\nupstream = \"cut\"\n",
        between.address()
    ));
    let token = stage.token("alice");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send(handshake("/ws", Some(&token))).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 101);
    between.cut();
    assert!(client.is_closed_within(crate::wire::PATIENCE));
    between.restore();

    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send(handshake("/ws", Some(&token))).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 101);
    drop(client);
    eventually("the log tells of both", || stage.gateway.access_log().lines().count() == 2);
}

#[test]
fn a_101_to_another_protocol_is_502() {
    let bad = BadUpstream::start(Misbehaviour::Unasked101).expect("an upstream");
    let stage = Stage::start(&format!(
        "[upstreams.bad]\nendpoints = [\"http://{}\"]\n[routes.all]\npath = \"/*\"\nupstream = \"bad\"\n",
        bad.address()
    ));
    let asked = handshake("/ws", Some(&stage.token("alice"))).replace("websocket", "other");
    for request in
        [asked, format!("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n", stage.token("bob"))]
    {
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send(request).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.status, 502);
        assert_eq!(answer.json().expect("a problem")["code"], "upstream_malformed");
    }
}

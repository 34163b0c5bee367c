//! Clients that are slow, send too much, or go away.

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use gatecloak::testing::{Misbehaviour, RawClient};

use super::scene::{BOUND, ask, connect, head, wait_until, with_bad_upstream};
use crate::stage::Stage;

const PUBLIC: &str = "[routes.public]\npath = \"/*\"\nrequire = \"public\"\n";

const BRISK: &str = r#"
[listener.limits]
header_timeout = "300ms"
idle_timeout = "300ms"
body_idle_timeout = "300ms"
"#;

#[test]
fn three_hundred_slow_clients_are_cut_and_hold_up_nobody() {
    let stage = Stage::start(&format!("{BRISK}{PUBLIC}"));
    let address = stage.gateway.address();
    let begin: [&str; 3] =
        ["", "GET / HTTP/1.1\r\nHo", "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nslow"];
    let mut slow: Vec<_> = (0..300)
        .map(|number| {
            let mut client = connect(address);
            client.send(begin[number % begin.len()]).expect("sent");
            client
        })
        .collect();
    for _ in 0..50 {
        assert_eq!(stage.status("/public", None), 200);
    }
    for client in &mut slow {
        assert!(client.is_closed_within(BOUND));
    }
}

#[test]
fn a_body_that_stops_is_told_of_and_never_passed_on_as_a_whole() {
    let (address, received) = listen();
    let routes =
        format!("{BRISK}[upstreams.deaf]\nendpoints = [\"http://{address}\"]\n{PUBLIC}upstream = \"deaf\"\n");
    let stage = Stage::start(&routes);
    let chunked = "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n";
    let sized = "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nbegin";
    for request in [chunked, sized] {
        let mut client = connect(stage.gateway.address());
        client.send(request).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.status, 408);
        assert!(client.is_closed_within(BOUND));
        let got = received.recv_timeout(BOUND).expect("what the upstream got");
        assert!(got.contains("begin") && !got.ends_with("0\r\n\r\n"), "{got}");
    }
    for request in [chunked, sized] {
        let mut client = connect(stage.gateway.address());
        client.send(request).expect("sent");
        drop(client);
        let got = received.recv_timeout(BOUND).expect("the upstream's connection is closed");
        assert!(!got.ends_with("0\r\n\r\n"), "{got}");
    }
}

#[test]
fn a_client_that_goes_away_takes_its_upstream_request_with_it() {
    for misbehaviour in [Misbehaviour::Hang, Misbehaviour::HangInBody] {
        let (upstream, stage) = with_bad_upstream(misbehaviour, "");
        let mut clients: Vec<_> = (0..50).map(|_| connect(stage.gateway.address())).collect();
        for client in &mut clients {
            client.send(head("/bad", None)).expect("sent");
            if misbehaviour == Misbehaviour::HangInBody {
                client.bytes(50).expect("the begin of the answer");
            }
        }
        wait_until("all are in flight", || upstream.heads().len() == 50);
        assert_eq!(upstream.closed(), 0);
        drop(clients);
        wait_until("all are given up", || upstream.closed() == 50);
    }
}

#[test]
fn heads_without_end_are_refused() {
    let stage = Stage::start(PUBLIC);
    let filler = "x".repeat(64 * 1024);
    let requests = [
        format!("GET / HTTP/1.1\r\nHost: a\r\nX-Large: {filler}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\nCookie: {filler}\r\n\r\n"),
        format!("GET /{filler} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(1000)),
        format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "Cookie: a=b\r\n".repeat(1000)),
        format!("{filler} / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ];
    for request in requests {
        let start: String = request.chars().take(40).collect();
        let mut client = connect(stage.gateway.address());
        // It may close before it has read everything.
        let _ = client.send(&request);
        if let Ok(answer) = client.response() {
            assert!(matches!(answer.status, 400 | 414 | 431), "{start}: {}", answer.status);
        }
        assert!(client.is_closed_within(BOUND), "{start}");
        assert_eq!(stage.status("/", None), 200);
    }
}

#[test]
fn floods_inside_a_chunked_body_end_the_connection() {
    let stage = Stage::start(PUBLIC);
    let before = "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let extension = format!("1;{}\r\nx\r\n0\r\n\r\n", "e".repeat(64 * 1024));
    let extensions = "1;ext=eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\r\nx\r\n".repeat(5000);
    let trailers = format!("1\r\nx\r\n0\r\n{}\r\n", "T: x\r\n".repeat(5000));
    let trailer = format!("1\r\nx\r\n0\r\nT: {}\r\n\r\n", "x".repeat(128 * 1024));
    for flood in [extension, extensions, trailers, trailer] {
        let start: String = flood.chars().take(20).collect();
        let mut client = connect(stage.gateway.address());
        client.send(before).expect("sent");
        let _ = client.send(&flood);
        if let Ok(answer) = client.response() {
            assert!(matches!(answer.status, 400 | 408 | 413 | 431 | 502), "{start:?}: {}", answer.status);
        }
        assert!(client.is_closed_within(BOUND), "{start:?}");
        assert_eq!(stage.status("/", None), 200);
    }
}

#[test]
fn empty_lines_without_end_are_no_request() {
    let stage = Stage::start(&format!("{BRISK}{PUBLIC}"));
    let mut client = connect(stage.gateway.address());
    let lines = "\r\n".repeat(1000);
    wait_until("it is cut", || client.send(&lines).is_err());
    assert_eq!(stage.status("/", None), 200);
}

#[test]
fn idle_connections_are_served_beside() {
    let stage = Stage::start(PUBLIC);
    let mut idle: Vec<_> = (0..500).map(|_| connect(stage.gateway.address())).collect();
    for client in idle.iter_mut().step_by(5) {
        assert_eq!(ask(client, "/", None).status, 200);
    }
    for _ in 0..50 {
        assert_eq!(stage.status("/", None), 200);
    }
    // All of them still are connections.
    for client in &mut idle {
        assert_eq!(ask(client, "/", None).status, 200);
    }
}

#[test]
fn pipelined_requests_without_end_are_answered_one_after_the_other() {
    let stage = Stage::start(PUBLIC);
    let mut client = connect(stage.gateway.address());
    client.send(head("/", None).repeat(500)).expect("sent");
    for _ in 0..500 {
        assert_eq!(client.response().expect("an answer").status, 200);
    }
    assert_eq!(RawClient::get(stage.gateway.address(), "/", &[]).expect("an answer").status, 200);
}

/// An upstream that never answers; tells everything that a connection got when it has ended.
fn listen() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, send) = (stream.expect("a connection"), send.clone());
            std::thread::spawn(move || {
                let mut got = Vec::new();
                // A reset is an end too.
                let _ = stream.read_to_end(&mut got);
                send.send(String::from_utf8_lossy(&got).into_owned())
            });
        }
    });
    (address, receive)
}

//! One client cannot take everything: CVE-2023-44487, CVE-2025-8671, CVE-2024-24549, CVE-2019-9511, CVE-2019-9512, CVE-2019-9515,
//! CVE-2019-9517, CVE-2019-9518, CVE-2024-28869, CVE-2026-26998, CVE-2026-48042, CVE-2025-30204, RUSTSEC-2024-0332, RUSTSEC-2023-0034.

use std::time::{Duration, Instant};

use gatecloak::testing::{Mint, RawClient};

use crate::frames::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, Frames, HEADERS, INITIAL_WINDOW_SIZE, PING, RST_STREAM,
    SETTINGS, block, frame,
};
use crate::stage::Stage;

const ROUTES: &str = r#"
[listener.limits]
idle_timeout = "500ms"
header_timeout = "500ms"
body_idle_timeout = "500ms"
[routes.public]
path = "/*"
require = "public"
[routes.me]
path = "/me"
"#;

const GET: [(&str, &str); 4] =
    [(":method", "GET"), (":scheme", "http"), (":authority", "a.example"), (":path", "/big")];

#[test]
fn an_http2_client_that_does_not_take_its_answers_is_cut_though_it_goes_on_asking() {
    let stage = Stage::start(ROUTES);
    let mut client = Frames::connect(stage.gateway.address(), &[(INITIAL_WINDOW_SIZE, 0)]);
    client.send(HEADERS, END_HEADERS | END_STREAM, 1, &block(&GET)).expect("sent");
    let begin = Instant::now();
    let mut stream = 3;
    // Requests that are answered without a body, so that the connection is never silent.
    let head =
        [(":method", "GET"), (":scheme", "http"), (":authority", "a.example"), (":path", "/status/204")];
    while client.send(HEADERS, END_HEADERS | END_STREAM, stream, &block(&head)).is_ok() {
        let _ = client.answer(stream);
        stream += 2;
        assert!(begin.elapsed() < Duration::from_secs(30), "the answer on stream 1 is held for ever");
    }
}

#[test]
fn an_http1_client_that_does_not_take_its_answer_is_cut() {
    let stage = Stage::start(ROUTES);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n".repeat(8)).expect("sent");
    let begin = Instant::now();
    // The peer's reset shows in a write.
    while client.send("X").is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(30), "the connection is held for ever");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_flood_of_resets_ends_the_connection() {
    // With the usual bounds on time, so that the end is not owed to them.
    let stage = Stage::start("[routes.public]\npath = \"/*\"\nrequire = \"public\"\n");
    let mut client = Frames::connect(stage.gateway.address(), &[]);
    let hang = [GET[0], GET[1], GET[2], (":path", "/hang")];
    let cancel = 8_u32.to_be_bytes();
    let mut stream = 1;
    let mut is_ended = false;
    // Few at a time, and given up only when the upstream has them: no queue of the library sees so many.
    for round in 1..=200 {
        let streams = (stream..stream + 20).step_by(2);
        stream += 20;
        let begun: Vec<u8> = streams
            .clone()
            .flat_map(|stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(&hang)))
            .collect();
        let resets: Vec<u8> = streams.flat_map(|stream| frame(RST_STREAM, 0, stream, &cancel)).collect();
        is_ended |= client.send_all(&begun).is_err();
        let begin = Instant::now();
        while !is_ended && stage.upstream.requests() < round * 10 {
            is_ended |= begin.elapsed() > Duration::from_secs(1);
            std::thread::sleep(Duration::from_millis(1));
        }
        is_ended |= client.send_all(&resets).is_err();
        if is_ended {
            break;
        }
    }
    assert!(is_ended, "2000 requests begun and given up, and the connection goes on");
    assert!((400..700).contains(&stage.upstream.requests()), "{}", stage.upstream.requests());
    assert_eq!(stage.status("/x", None), 200, "others are served");
}

#[test]
fn floods_of_frames_end_the_connection_or_leave_others_served() {
    let stage = Stage::start(ROUTES);
    let piece = "x".repeat(16_000);
    let block_of_it = block(&[("x", &piece)]);
    let open = frame(HEADERS, END_STREAM, 1, &block(&GET));
    let post = [(":method", "POST"), (":scheme", "http"), (":authority", "a.example"), (":path", "/x")];
    let post = frame(HEADERS, END_HEADERS, 1, &block(&post));
    let floods: [(&str, Vec<u8>, Vec<u8>); 6] = [
        ("continuation", open.clone(), frame(CONTINUATION, 0, 1, &block_of_it)),
        ("empty continuation", open, frame(CONTINUATION, 0, 1, &[])),
        ("empty data", post, frame(DATA, 0, 1, &[])),
        ("ping", Vec::new(), frame(PING, 0, 0, &[0; 8])),
        ("settings", Vec::new(), frame(SETTINGS, 0, 0, &[])),
        ("priority", Vec::new(), frame(0x2, 0, 1, &[0, 0, 0, 3, 16])),
    ];
    for (what, begin, flood) in floods {
        let mut client = Frames::connect(stage.gateway.address(), &[]);
        let bytes = flood.repeat(1000);
        let _ = client.send_all(&begin);
        // Answers are not read, and nothing is waited for but the peer.
        for _ in 0..20 {
            if client.send_all(&bytes).is_err() {
                break;
            }
        }
        assert_eq!(stage.status("/x", None), 200, "{what}: others are served");
    }
}

#[test]
fn a_body_that_stops_coming_is_given_up() {
    let stage = Stage::start(ROUTES);
    for framing in ["Content-Length: 100\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"] {
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send(format!("POST /x HTTP/1.1\r\nHost: a\r\n{framing}")).expect("sent");
        let answer = client.response();
        assert!(answer.as_ref().is_ok_and(|answer| answer.status >= 400) || answer.is_err(), "{answer:?}");
        assert!(client.is_closed_within(Duration::from_secs(15)), "{framing:?}");
    }
}

#[test]
fn requests_without_end_on_one_connection_do_not_pile_up() {
    let stage = Stage::start(ROUTES);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.stream().set_write_timeout(Some(Duration::from_secs(2))).expect("a timeout");
    let many = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
    // Nobody reads the answers, so the writes must come to a halt.
    let sent = (0..1000).take_while(|_| client.send(&many).is_ok()).count();
    assert!(sent < 1000, "a million requests were taken without an answer being read");
    assert_eq!(stage.status("/x", None), 200, "others are served");
}

#[test]
fn tokens_made_to_cost_are_refused_cheaply() {
    let stage = Stage::start(ROUTES);
    let key = stage.idp.key();
    let mint = || Mint::new(&stage.idp.issuer()).user("bob").audience("gateway");
    let deep: serde_json::Value =
        (0..100).fold(serde_json::Value::Null, |inner, _| serde_json::json!([inner]));
    assert_eq!(stage.status("/me", Some(&mint().claim("deep", deep).sign(&key))), 200, "that deep is fine");
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(3000), close.repeat(3000));
    let payload = |json: String| {
        use base64::Engine as _;
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.AAAA", encode(r#"{"alg":"RS256","kid":"x"}"#), encode(&json))
    };
    for token in [
        payload(format!(r#"{{"iss":"x","a":{}}}"#, nested("[", "]"))),
        payload(format!(r#"{{"iss":"x","a":{}}}"#, nested(r#"{"a":"#, "}").replace("}}", "1}"))),
        payload(format!(r#"{{"iss":"x","exp":{}}}"#, "9".repeat(5000))),
        payload(format!(r#"{{"iss":"x","authorization":{}}}"#, nested("[", "]"))),
        ".".repeat(8000),
        "a.".repeat(4000),
        "=".repeat(8000),
        format!("{}=", "a".repeat(8000)),
    ] {
        let status = stage.status("/me", Some(&token));
        assert!(matches!(status, 400 | 401), "{status}");
    }
    let endless = "a".repeat(20_000);
    assert!(matches!(stage.status("/me", Some(&endless)), 401 | 431));
    assert_eq!(stage.upstream.requests(), 1);
}

//! Framing: what one side takes for one request, the other must not take for two. RUSTSEC-2020-0008, -2021-0020, -2021-0078, -2021-0079,
//! CVE-2025-4366, CVE-2026-2833, CVE-2026-2835, CVE-2023-25725, CVE-2023-40225, CVE-2021-40346, CVE-2025-22871, CVE-2023-39326, CVE-2022-1705,
//! CVE-2023-38697, CVE-2026-71324.

use gatecloak::testing::RawClient;

use crate::stage::{Stage, echoed_path};

const ROUTES: &str = r#"
[routes.public]
path = "/public/*"
require = "public"
[routes.secret]
path = "/secret/*"
"#;

/// Ways to frame a body that somebody reads otherwise. `GET /secret/smuggled` stands where a careless reader begins anew.
fn ambiguous() -> Vec<String> {
    let inner = "GET /secret/smuggled HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    let length = inner.len();
    let post =
        |headers: &str, body: &str| format!("POST /public/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}");
    let hex = format!("{length:x}");
    let chunked = "Transfer-Encoding: chunked\r\n";
    vec![
        post(&format!("Content-Length: {length}\r\n{chunked}"), &format!("0\r\n\r\n{inner}")),
        post(&format!("{chunked}Content-Length: 5\r\n"), &format!("0\r\n\r\n{inner}")),
        post(&format!("Content-Length: 0\r\nContent-Length: {length}\r\n"), inner),
        post(&format!("Content-Length: {length}\r\nContent-Length: 0\r\n"), inner),
        post(&format!("Content-Length: 0, {length}\r\n"), inner),
        post(&format!("Content-Length: +{length}\r\n"), inner),
        post(&format!("Content-Length: -{length}\r\n"), inner),
        post(&format!("Content-Length: {length}x\r\n"), inner),
        post("Content-Length: \r\n", inner),
        post("Content-Length: 0x10\r\n", inner),
        post("Content-Length: 99999999999999999999999999\r\n", inner),
        post(&format!("Content-Length : {length}\r\n"), inner),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: identity, chunked, identity\r\n", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: xchunked\r\n", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding : chunked\r\n", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding:\x0bchunked\r\n", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked, gzip\r\n", &format!("0\r\n\r\n{inner}")),
        post(" Transfer-Encoding: chunked\r\n", &format!("0\r\n\r\n{inner}")),
        post("X: a\r\n Content-Length: 5\r\n", inner),
        post(chunked, &format!("0;\r\n\r\n{inner}")),
        post(chunked, &format!("0\n\n{inner}")),
        post(chunked, &format!("{hex}\n{inner}\n0\r\n\r\n")),
        post(chunked, &format!("0x{hex}\r\n{inner}\r\n0\r\n\r\n")),
        post(chunked, &format!("-{hex}\r\n{inner}\r\n0\r\n\r\n")),
        post(chunked, &format!("fffffffffffffffff\r\n{inner}\r\n0\r\n\r\n")),
        post(chunked, &format!("\r\n\r\n{inner}")),
        post(chunked, &format!("1;a=\"\n\r\nx\r\n0\r\n\r\n{inner}")),
        format!("POST /public/x HTTP/1.0\r\nHost: a\r\n{chunked}\r\n0\r\n\r\n{inner}"),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{chunked}\r\n{inner}"),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\n: {length}\r\n\r\n{inner}"),
        format!("GET /public/x\0 HTTP/1.1\r\nHost: a\r\n\r\n{inner}"),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n{inner}"),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\nX: a\rContent-Length: 5\r\n\r\n{inner}"),
        format!("GET /public/x HTTP/1.1 \r\nHost: a\r\n\r\n{inner}"),
        format!("GET  /public/x HTTP/1.1\r\nHost: a\r\n\r\n{inner}"),
        format!("GET /public/x HTTP/9.9\r\nHost: a\r\n\r\n{inner}"),
        format!("GET /public/x FTP/1.1\r\nHost: a\r\n\r\n{inner}"),
    ]
}

#[test]
fn nothing_that_follows_an_ambiguous_request_passes_without_a_token() {
    let stage = Stage::start(ROUTES);
    for bytes in ambiguous() {
        for answer in stage.raw(&bytes) {
            let passed = answer.status == 200;
            assert!(!passed || echoed_path(&answer) == "/public/x", "{bytes:?}: {}", answer.text());
        }
    }
}

#[test]
fn what_the_upstream_gets_has_one_framing() {
    let stage = Stage::start(ROUTES);
    for bytes in ambiguous() {
        for answer in stage.raw(&bytes).iter().filter(|answer| answer.status == 200) {
            let lengths = crate::stage::echoed(answer, "content-length");
            let codings = crate::stage::echoed(answer, "transfer-encoding");
            assert!(lengths.len() + codings.len() <= 1, "{bytes:?}: {lengths:?} {codings:?}");
            assert!(
                lengths.iter().all(|length| length.bytes().all(|byte| byte.is_ascii_digit())),
                "{lengths:?}"
            );
        }
    }
}

#[test]
fn the_unread_body_of_a_refused_request_is_not_taken_for_a_request() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("alice");
    let inner = format!("GET /secret/smuggled HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n");
    for outer in ["/secret/x", "/nowhere"] {
        let bytes =
            format!("POST {outer} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{inner}", inner.len());
        let answers = stage.raw(bytes);
        assert!(answers.iter().all(|answer| answer.status != 200), "{outer}: {answers:?}");
    }
}

#[test]
fn bytes_after_an_upgrade_that_was_not_granted_are_not_forwarded() {
    let stage = Stage::start(ROUTES);
    let inner = "GET /secret/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for protocol in ["websocket", "h2c", "TLS/1.0", "x"] {
        let bytes = format!(
            "GET /public/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n{inner}"
        );
        for answer in stage.raw(bytes) {
            let passed = answer.status == 200;
            assert!(!passed || echoed_path(&answer) == "/public/x", "{protocol}: {}", answer.text());
        }
    }
    let before = stage.upstream.requests();
    let answers = stage.raw(format!("CONNECT /public/x HTTP/1.1\r\nHost: a\r\n\r\n{inner}"));
    assert!(answers.iter().all(|answer| answer.status >= 400), "{answers:?}");
    let answers = stage.raw(format!("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n{inner}"));
    assert!(answers.iter().all(|answer| answer.status >= 400), "{answers:?}");
    assert_eq!(stage.upstream.requests(), before);
}

#[test]
fn pipelined_requests_are_each_judged() {
    let stage = Stage::start(ROUTES);
    let token = stage.token("bob");
    let bytes = format!(
        "GET /public/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /secret/2 HTTP/1.1\r\nHost: a\r\n\r\n\
         GET /secret/3 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n\
         GET /secret/4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    );
    let statuses: Vec<u16> = stage.raw(bytes).iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 401, 200, 401]);
}

#[test]
fn a_refused_request_that_expects_100_is_not_told_to_go_on() {
    let stage = Stage::start(ROUTES);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let head = "POST /secret/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    client.send(head).expect("sent");
    assert_eq!(client.response_to_head().expect("an answer").status, 401);
}

#[test]
fn head_and_header_floods_end_in_a_4xx_or_a_close() {
    let stage = Stage::start(ROUTES);
    let floods = [
        format!("GET /public/{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(100_000)),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(1_000_000)),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(5_000)),
        format!("GET /public/x HTTP/1.1\r\nHost: a\r\nCookie: {}\r\n\r\n", "a=b; ".repeat(50_000)),
        "\r\n".repeat(100_000),
    ];
    for flood in floods {
        let answers = RawClient::raw(stage.gateway.address(), &flood).unwrap_or_default();
        assert!(answers.iter().all(|answer| (400..500).contains(&answer.status)), "{:?}", answers.first());
        assert_eq!(stage.status("/public/x", None), 200, "others are served");
    }
}

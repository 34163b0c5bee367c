//! Refusals to `HEAD` and `OPTIONS`, over both versions of HTTP, and what becomes of the connection.

use gatecloak::testing::RawClient;
use http::{Method, Request};

use crate::stage::Stage;
use crate::wire::{Caller, PATIENCE, Protocol, empty, full};

const ROUTES: &str = "[routes.all]\npath = \"/x\"\n[routes.managers]\npath = \"/managers\"\n\
                      require = { realm_role = \"manager\" }\n";

#[test]
fn head_is_refused_with_the_head_alone() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    for (path, token, status) in [("/x", "", 401), ("/managers", &*bob, 403), ("/nowhere", "", 404)] {
        let bearer = match token {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        client.send(format!("HEAD {path} HTTP/1.1\r\nHost: a\r\n{bearer}\r\n")).expect("sent");
        let answer = client.response_to_head().expect("an answer");
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert!(answer.header("x-request-id").is_some());
        // What follows must be the next answer, and no body.
        client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        assert_eq!(client.response().expect("an answer").status, 404, "{path}");
    }
}

#[test]
fn options_needs_a_token_like_any_other_method() {
    let stage = Stage::start(ROUTES);
    let answer = stage.request("OPTIONS", "/x", &[], b"");
    assert_eq!((answer.status, stage.upstream.requests()), (401, 0));
    let headers = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "GET")];
    assert_eq!(stage.request("OPTIONS", "/x", &headers, b"").status, 401, "no CORS on this route");
    let bearer = format!("Bearer {}", stage.token("alice"));
    assert_eq!(stage.request("OPTIONS", "/x", &[("Authorization", &bearer)], b"").status, 200);
    let answers = stage.raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(answers[0].status >= 400, "{answers:?}");
}

#[test]
fn a_refusal_with_an_unread_body_closes_and_one_without_does_not() {
    let stage = Stage::start(ROUTES);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    for _ in 0..3 {
        client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        assert_eq!(client.response().expect("an answer").status, 401);
    }
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
    assert!(client.is_closed_within(PATIENCE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_over_http2_say_the_same() {
    let stage = Stage::start(ROUTES);
    let mut caller = Caller::plain(stage.gateway.address(), Protocol::Http2).await;
    for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS] {
        let body = if method == Method::POST { full("hello") } else { empty() };
        let request = Request::builder().method(method.clone()).uri("/x").body(body).expect("a request");
        let answer = caller.send(request).await;
        assert_eq!(answer.status, 401, "{method}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"demo\""), "{method}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method}");
        assert_eq!(answer.header("connection"), None, "{method}");
        assert_eq!(answer.body.is_empty(), method == Method::HEAD, "{method}");
    }
    let bearer = format!("Bearer {}", stage.token("alice"));
    let request = Request::get("/x").header("authorization", &bearer).header("authorization", &bearer);
    let answer = caller.send(request.body(empty()).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &"credential_repeated".into()));
}

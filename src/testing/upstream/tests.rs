use super::*;
use crate::testing::RawClient;

#[test]
fn a_request_is_told_with_its_headers_in_order() {
    let upstream = EchoUpstream::start().unwrap();
    let headers = [("X-B", "2"), ("X-A", "1"), ("X_A", "3")];
    let answer = RawClient::request(upstream.address(), "POST", "/a%2Fb?q=1", &headers, b"body").unwrap();
    let told = answer.json().unwrap();
    assert_eq!(told["method"], "POST");
    assert_eq!(told["path"], "/a%2Fb");
    assert_eq!(told["query"], "q=1");
    assert_eq!(told["body"], "body");
    let names: Vec<_> =
        told["headers"].as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap()).collect();
    assert_eq!(names, ["host", "x-b", "x-a", "x_a", "content-length", "connection"]);
    assert_eq!(upstream.requests(), 1);
}

#[test]
fn special_paths_do_what_they_say() {
    let upstream = EchoUpstream::start().unwrap();
    let get = |path| RawClient::get(upstream.address(), path, &[]).unwrap();
    assert_eq!(get("/status/503").status, 503);
    assert_eq!(get("/any/prefix/status/204").status, 204);
    assert_eq!(get("/big/100000").body.len(), 100_000);
    assert_eq!(get("/drip").body.len(), 10);
    assert!(get("/drip").complete);
}

#[test]
fn trailers_are_sent_to_those_who_take_them() {
    let upstream = EchoUpstream::start().unwrap();
    let answer = RawClient::get(upstream.address(), "/trailers", &[("TE", "trailers")]).unwrap();
    assert_eq!(answer.body, b"body");
    assert_eq!(answer.trailers, [("x-trailer".to_owned(), "at the end".to_owned())]);
}

#[test]
fn an_upgraded_connection_echoes() {
    let upstream = EchoUpstream::start().unwrap();
    let mut client = RawClient::connect(upstream.address()).unwrap();
    let request = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    client.send(request).unwrap();
    let answer = client.response().unwrap();
    assert_eq!(answer.status, 101);
    // The example of RFC 6455 section 1.3.
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    client.send("ping").unwrap();
    assert_eq!(client.bytes(4).unwrap(), b"ping");
}

#[test]
fn events_are_sent_one_by_one() {
    let upstream = EchoUpstream::start().unwrap();
    let mut client = RawClient::connect(upstream.address()).unwrap();
    client.send("GET /sse HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut text = String::new();
    while !text.contains("event 1") {
        text.push_str(&String::from_utf8(client.bytes(1).unwrap()).unwrap());
    }
    assert!(text.contains("text/event-stream"));
}

//! Where a call goes.

use std::collections::BTreeMap;

use gatecloak::connection::{Body, ConnectionSettings, Method, Query, Request};
use serde_json::Value;

use super::{Reply, Stub, get, open, run};

#[test]
fn a_base_url_keeps_its_path_with_and_without_a_slash() {
    let stub = Stub::start(|_, _| Reply::Json(200, Value::Null));
    for (base, path, line) in [
        ("", "realms/master", "GET /realms/master HTTP/1.1"),
        ("/", "realms/master", "GET /realms/master HTTP/1.1"),
        ("/", "/realms/master", "GET /realms/master HTTP/1.1"),
        ("/auth", "realms/master", "GET /auth/realms/master HTTP/1.1"),
        ("/auth/", "/realms/master", "GET /auth/realms/master HTTP/1.1"),
        ("//auth//", "//realms///master", "GET /auth/realms/master HTTP/1.1"),
        ("/auth?x=1#y", "realms/master?first=0", "GET /auth/realms/master?first=0 HTTP/1.1"),
        ("", "", "GET / HTTP/1.1"),
    ] {
        let connection = open(ConnectionSettings::new(format!("{}{base}", stub.url())));
        get(&connection, path).expect("an answer");
        assert_eq!(stub.seen().last().expect("a request").line(), line, "`{base}` and `{path}`");
    }
}

#[test]
fn a_query_is_encoded_and_may_repeat_a_name() {
    let stub = Stub::start(|_, _| Reply::Json(200, Value::Null));
    let query = Query::new().with("q", "a:b c&d=é").with("q", "2").with("exact", true);
    let request = Request::new(Method::Get, "users").query(query);
    run(open(ConnectionSettings::new(stub.url())).send(&request)).expect("an answer");
    let line = stub.seen()[0].line().to_owned();
    assert_eq!(line, "GET /users?q=a%3Ab+c%26d%3D%C3%A9&q=2&exact=true HTTP/1.1");
}

#[test]
fn header_fields_of_the_call_go_before_those_of_the_connection_and_these_before_our_own() {
    let stub = Stub::start(|_, _| Reply::Json(200, Value::Null));
    let mut settings = ConnectionSettings::new(stub.url());
    settings.headers = BTreeMap::from(
        [("x-team", "a"), ("Content-Type", "text/plain"), ("x-way", "connection")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let connection = open(settings);
    let request = Request::new(Method::Post, "x").body(Body::Json(Value::Bool(true))).header("X-Way", "call");
    run(connection.send(&request)).expect("an answer");
    let multipart = Body::Multipart(vec![("file".to_owned(), "text".to_owned())]);
    run(connection.send(&Request::new(Method::Post, "x").body(multipart))).expect("an answer");
    let seen = stub.seen();
    assert_eq!(seen[0].field("x-team"), Some("a"));
    assert_eq!(seen[0].field("x-way"), Some("call"));
    assert_eq!(seen[0].field("content-type"), Some("text/plain"));
    assert_eq!(seen[0].body, "true");
    let kind = seen[1].field("content-type").expect("a content type");
    assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    let stub = Stub::start(|_, _| {
        Reply::Bytes(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere/42\r\nContent-Length: 0\r\n\r\n".to_vec())
    });
    let answer = get(&open(ConnectionSettings::new(stub.url())), "x").expect("an answer");
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("/elsewhere/42")));
    assert_eq!(stub.seen().len(), 1);
}

//! What is repeated: only what cannot have been done, or may be done twice.

use std::net::TcpListener;

use gatecloak::connection::{Body, Connection, ConnectionSettings, ErrorClass, Method, Request, Response};
use serde_json::{Value, json};

use super::{Reply, Stub, get, open, run};

/// Breaks each connection under its first requests, as many as given, and answers after that.
fn breaking(times: usize) -> Stub {
    Stub::start(move |number, _| if number < times { Reply::Break } else { Reply::Json(200, Value::Null) })
}

fn connection(stub: &Stub, max_retries: u32) -> Connection {
    let mut settings = ConnectionSettings::new(stub.url());
    settings.max_retries = max_retries;
    open(settings)
}

fn send(connection: &Connection, method: Method) -> Result<Response, gatecloak::connection::CallError> {
    run(connection.send(&Request::new(method, "x").body(Body::Json(json!({})))))
}

#[test]
fn a_get_is_repeated_where_the_connection_broke_as_often_as_allowed() {
    for (breaks, retries, calls, good) in
        [(1, 1, 2, true), (1, 0, 1, false), (3, 3, 4, true), (3, 2, 3, false)]
    {
        let stub = breaking(breaks);
        let answer = get(&connection(&stub, retries), "x");
        assert_eq!((answer.is_ok(), stub.seen().len()), (good, calls), "{breaks} breaks, {retries} retries");
        if let Err(error) = answer {
            assert_eq!(error.class(), ErrorClass::Connection);
        }
    }
}

#[test]
fn a_get_is_repeated_where_the_answer_broke_off() {
    let stub = Stub::start(|number, _| match number {
        0 => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":".to_vec()),
        _ => Reply::Json(200, json!({"whole": true})),
    });
    let answer = get(&connection(&stub, 1), "x").expect("an answer");
    assert_eq!(answer.value(), json!({"whole": true}));
    assert_eq!(stub.seen().len(), 2);
}

#[test]
fn what_may_have_been_done_is_never_repeated() {
    for method in [Method::Post, Method::Put, Method::Delete] {
        let stub = breaking(1);
        let error = send(&connection(&stub, 5), method).expect_err("a broken connection");
        assert_eq!(error.class(), ErrorClass::Connection);
        assert_eq!(stub.seen().len(), 1, "{}", method.name());
        let half = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{".to_vec();
        let stub = Stub::start(move |_, _| Reply::Bytes(half.clone()));
        send(&connection(&stub, 5), method).expect_err("half an answer");
        assert_eq!(stub.seen().len(), 1, "{}", method.name());
    }
}

#[test]
fn a_status_is_never_repeated() {
    let stub = Stub::start(|_, _| Reply::Json(503, Value::Null));
    assert_eq!(get(&connection(&stub, 5), "x").expect("an answer").status, 503);
    assert_eq!(stub.seen().len(), 1);
}

#[test]
fn a_server_that_is_not_there_is_a_connection_error_for_every_verb() {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let connection = open(ConnectionSettings::new(format!("http://{}", address.expect("an address"))));
    for method in [Method::Get, Method::Post, Method::Put, Method::Delete] {
        let error = send(&connection, method).expect_err("nobody listens");
        assert_eq!((error.class(), error.status()), (ErrorClass::Connection, None));
        assert!(error.message().starts_with("the server could not be reached: "), "{error}");
        assert!(error.message().contains("refused"), "{error}");
    }
}

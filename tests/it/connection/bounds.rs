//! What a server cannot do to its caller, and what nobody sees.

use std::time::Duration;

use gatecloak::connection::{
    Body, ClientProof, ConnectionSettings, ErrorClass, Login, LoginGrant, Method, Query, Request, Session,
};
use serde_json::json;

use super::{Reply, Stub, get, open, run};

#[test]
fn an_answer_that_does_not_come_is_an_error_in_time() {
    let stub = Stub::start(|_, _| Reply::Silence);
    let mut settings = ConnectionSettings::new(stub.url());
    settings.timeout = Duration::from_millis(200);
    settings.max_retries = 5;
    let error = get(&open(settings), "slow").expect_err("no answer");
    assert_eq!(error.class(), ErrorClass::Connection);
    assert_eq!(error.status(), None);
    assert_eq!(error.to_string(), "GET /slow: the server could not be reached: no answer in time");
    assert_eq!(stub.seen().len(), 1, "a call that took its time is not repeated");
}

#[test]
fn an_answer_that_does_not_end_is_an_error_in_time() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin";
    let stub = Stub::start(move |number, _| match number {
        0 => Reply::Bytes(head.to_vec()),
        _ => Reply::Silence,
    });
    let mut settings = ConnectionSettings::new(stub.url());
    settings.timeout = Duration::from_millis(300);
    let error = get(&open(settings), "half").expect_err("half an answer");
    assert_eq!(error.class(), ErrorClass::Connection);
    assert_eq!(stub.seen().len(), 2, "the first broke, the second took the rest of the time");
}

#[test]
fn a_longer_answer_than_allowed_is_refused_with_and_without_a_length() {
    let body = "x".repeat(2000);
    for head in ["Content-Length: 2000\r\n", ""] {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n{body}");
        let stub = Stub::start(move |_, _| Reply::Bytes(answer.clone().into_bytes()));
        let mut settings = ConnectionSettings::new(stub.url());
        settings.max_bytes = 1999;
        let error = get(&open(settings.clone()), "long").expect_err("too long");
        assert_eq!(error.class(), ErrorClass::Connection);
        assert!(error.message().contains("longer than 1999 bytes"), "{error}");
        assert_eq!(stub.seen().len(), 1, "it is not asked for again");
        settings.max_bytes = 2000;
        assert_eq!(get(&open(settings), "long").expect("an answer").body.len(), 2000);
    }
}

#[test]
fn an_endless_page_of_a_proxy_does_not_become_the_message() {
    let page = "<html>".repeat(10_000);
    let answer = format!("HTTP/1.1 502 Bad Gateway\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    let stub = Stub::start(move |_, _| Reply::Bytes(answer.clone().into_bytes()));
    let answer = get(&open(ConnectionSettings::new(stub.url())), "x").expect("an answer");
    let error = answer.expect(Method::Get, &[200]).expect_err("a 502");
    assert!(error.message().len() < 5000 && error.body().len() == 60_000);
}

#[test]
fn nothing_secret_is_in_what_is_printed() {
    const SECRET: &str = "hunter2";
    let stub = Stub::start(|_, seen| {
        if seen.line().contains("/token ") {
            let answer = json!({"access_token": SECRET, "refresh_token": SECRET, "expires_in": 60});
            Reply::Json(200, answer)
        } else {
            Reply::Json(404, json!({"error": "nothing here", "token": SECRET}))
        }
    });
    let mut settings = ConnectionSettings::new(stub.url());
    settings.headers.insert("x-key".to_owned(), SECRET.to_owned());
    settings.proxies.insert("https".to_owned(), format!("http://user:{SECRET}@127.0.0.1:9"));
    let connection = open(settings.clone());
    let login = Login {
        realm: "master".to_owned(),
        client_id: "admin-cli".to_owned(),
        proof: ClientProof::SecretBasic(SECRET.into()),
        grant: LoginGrant::Password {
            username: "ann".to_owned(),
            password: SECRET.into(),
            totp: Some(SECRET.to_owned()),
        },
        scope: String::new(),
    };
    let session = Session::new(connection.clone(), login.clone());
    let request = Request::new(Method::Post, "x?code=hunter2")
        .query(Query::new().with("token", SECRET))
        .body(Body::Form(vec![("password".to_owned(), SECRET.to_owned())]))
        .header("authorization-2", SECRET);
    let answer = run(session.send(&request)).expect("an answer");
    let error = answer.clone().expect(Method::Post, &[201]).expect_err("a 404");
    let printed = [
        format!("{settings:?} {connection:?} {login:?} {session:?} {request:?} {answer:?} {error:?} {error}"),
        format!("{:?} {:?}", LoginGrant::RefreshToken(SECRET.into()), LoginGrant::Token(SECRET.into())),
        format!("{:?}", session.login()),
    ];
    for text in printed {
        assert!(!text.contains(SECRET), "{text}");
    }
    settings.base_url = format!("http://ann:{SECRET}@127.0.0.1/");
    for url in [settings.base_url.clone(), format!("http://ann:{SECRET}@"), format!("{SECRET}@:")] {
        settings.base_url = url;
        let error = gatecloak::connection::Connection::open(settings.clone()).expect_err("a password");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
    // The proxy is not there, and has a password.
    let mut settings = ConnectionSettings::new("http://127.0.0.1:9/");
    settings.proxies.insert("all".to_owned(), format!("http://user:{SECRET}@127.0.0.1:9"));
    let error = get(&open(settings), "x").expect_err("no proxy");
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
}

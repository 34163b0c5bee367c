//! Informational answers, `Expect`, HTTP/1.0, and an upstream that answers early.

use gatecloak::testing::{BadUpstream, Misbehaviour, RawClient};

use crate::stage::{Stage, echoed};

fn behind(bad: &BadUpstream) -> Stage {
    Stage::start(&format!(
        "[upstreams.bad]\nendpoints = [\"http://{}\"]\n[routes.all]\npath = \"/*\"\nupstream = \"bad\"\n\
         require = \"public\"\n",
        bad.address()
    ))
}

#[test]
fn a_permitted_request_that_expects_100_is_told_to_go_on() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\n");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let token = stage.token("alice");
    let head = format!(
        "POST /x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Length: 5\r\n\
         Expect: 100-continue\r\n\r\n"
    );
    for _ in 0..2 {
        client.send(&head).expect("sent");
        assert_eq!(client.response().expect("an answer").status, 100);
        client.send("hello").expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.json().expect("the echo")["body"], "hello");
        assert_eq!(echoed(&answer, "expect"), Vec::<String>::new(), "the expectation was met here");
    }
}

#[test]
fn an_unknown_expectation_does_not_reach_the_upstream() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let answer = stage.request("GET", "/x", &[("Expect", "miracles")], b"");
    assert!(answer.status == 417 || echoed(&answer, "expect").is_empty(), "{}", answer.text());
}

#[test]
fn a_client_of_http_1_0_is_answered_in_its_way() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("GET /x HTTP/1.0\r\n\r\n").expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!(answer.json().expect("the echo")["version"], "HTTP/1.1");
    assert!(client.is_closed_within(crate::wire::PATIENCE), "it did not ask to keep the connection");

    for head in ["GET /drip HTTP/1.0\r\n", "GET /drip HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"] {
        let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
        client.send(format!("{head}\r\n")).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.header("transfer-encoding"), None, "HTTP/1.0 knows no chunks");
        assert_eq!((answer.text().as_str(), answer.complete), ("..........", true));
    }

    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let request = "POST /x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi";
    for _ in 0..2 {
        client.send(request).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.json().expect("the echo")["body"], "hi");
    }
}

#[test]
fn informational_answers_do_not_pass() {
    let bad = BadUpstream::start(Misbehaviour::Informational).expect("an upstream");
    let answers = behind(&bad).raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200]);
    assert_eq!((answers[0].text().as_str(), answers[0].header("link")), ("ok", None));
}

#[test]
fn an_answer_before_the_end_of_the_body_reaches_the_client() {
    let bad = BadUpstream::start(Misbehaviour::EarlyAnswer).expect("an upstream");
    let stage = behind(&bad);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    // The rest of the body never comes.
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin").expect("sent");
    let answer = client.response().expect("an answer");
    assert_eq!((answer.status, answer.text().as_str()), (413, "no"));
    assert!(client.is_closed_within(crate::wire::PATIENCE), "what follows is not read as a request");
}

#[test]
fn an_upstream_of_http_1_0_is_understood() {
    let bad = BadUpstream::start(Misbehaviour::CloseDelimited).expect("an upstream");
    let stage = behind(&bad);
    for _ in 0..2 {
        let answer = stage.get("/", None);
        assert_eq!((answer.status, answer.text().as_str(), answer.complete), (200, "ok", true));
    }
}

#[test]
fn an_upstreams_own_challenge_passes() {
    let bad = BadUpstream::start(Misbehaviour::Challenge).expect("an upstream");
    let answer = behind(&bad).get("/", None);
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Basic realm=\"upstream\"")));
}

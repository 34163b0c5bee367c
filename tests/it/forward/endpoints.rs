//! Several endpoints, and what is sent again.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use gatecloak::testing::{BadUpstream, ChaosProxy, EchoUpstream, Misbehaviour, RawClient};

use crate::stage::Stage;
use crate::wire::eventually;

fn behind(endpoints: &[SocketAddr], upstream: &str) -> Stage {
    let endpoints: Vec<_> = endpoints.iter().map(|address| format!("\"http://{address}\"")).collect();
    Stage::start(&format!(
        "[upstreams.it]\nendpoints = [{}]\n{upstream}\n\
         [routes.all]\npath = \"/*\"\nupstream = \"it\"\nrequire = \"public\"\n",
        endpoints.join(", ")
    ))
}

fn named(name: &str) -> EchoUpstream {
    EchoUpstream::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), name).expect("an upstream")
}

/// Who answered how often.
fn answers(stage: &Stage, count: usize) -> BTreeMap<String, usize> {
    let mut answers = BTreeMap::new();
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    for _ in 0..count {
        client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let name = answer.json().expect("the echo")["upstream"].as_str().expect("a name").to_owned();
        *answers.entry(name).or_default() += 1;
    }
    answers
}

#[test]
fn endpoints_take_turns() {
    let upstreams = [named("a"), named("b"), named("c")];
    for protocol in ["http1", "http2"] {
        let stage =
            behind(&upstreams.each_ref().map(EchoUpstream::address), &format!("protocol = \"{protocol}\""));
        let expected = ["a", "b", "c"].map(|name| (name.to_owned(), 10));
        assert_eq!(answers(&stage, 30), expected.into(), "{protocol}");
    }
}

#[test]
fn an_endpoint_that_is_down_costs_no_request_whatever_its_method() {
    let (good, bad) = (named("good"), BadUpstream::start(Misbehaviour::Refuse).expect("an address"));
    let stage = behind(&[good.address(), bad.address()], "retry.attempts = 0");
    assert_eq!(answers(&stage, 10), [("good".to_owned(), 10)].into());
    for number in 1..=10 {
        let answer = stage.request("POST", "/x", &[], b"once");
        assert_eq!(answer.json().expect("the echo")["body"], "once");
        assert_eq!(good.requests(), 10 + number, "nothing was sent to the other, so it may be sent");
    }
}

#[test]
fn an_endpoint_that_comes_back_takes_its_turn_again() {
    let (first, second) = (named("first"), named("second"));
    let between = ChaosProxy::start(second.address()).expect("a proxy");
    let stage = behind(&[first.address(), between.address()], "");
    assert_eq!(answers(&stage, 10).len(), 2);
    between.cut();
    assert_eq!(answers(&stage, 10), [("first".to_owned(), 10)].into(), "a GET is asked of the other");
    between.restore();
    eventually("both answer again", || answers(&stage, 4).len() == 2);
}

#[test]
fn all_endpoints_down_is_502_and_named() {
    let bad = [(); 2].map(|()| BadUpstream::start(Misbehaviour::Refuse).expect("an address"));
    let stage = behind(&bad.each_ref().map(BadUpstream::address), "");
    let answer = stage.get("/x", None);
    let problem = answer.json().expect("a problem");
    assert_eq!((answer.status, &problem["code"]), (502, &"upstream_unreachable".into()));
    assert_eq!(problem["source"], "upstream");
    eventually("the log names it", || stage.gateway.access_log().contains("\"upstream.name\":\"it\""));
}

#[test]
fn a_request_that_may_have_been_processed_is_sent_again_only_if_it_is_safe() {
    for misbehaviour in
        [Misbehaviour::CloseAfterRequest, Misbehaviour::ResetAfterHead, Misbehaviour::HalfHead]
    {
        for (method, body, times) in [
            ("GET", &b""[..], 3),
            ("HEAD", b"", 3),
            ("OPTIONS", b"", 3),
            ("POST", b"", 1),
            ("POST", b"x", 1),
            ("PUT", b"x", 1),
            ("DELETE", b"", 1),
            ("PATCH", b"x", 1),
            ("GET", b"x", 1),
        ] {
            let bad = BadUpstream::start(misbehaviour).expect("an upstream");
            let stage = behind(&[bad.address()], "retry.attempts = 2");
            let answer = stage.request(method, "/x", &[], body);
            assert_eq!(answer.status, 502, "{misbehaviour:?} {method}");
            assert_eq!(bad.heads().len(), times, "{misbehaviour:?} {method} {body:?}");
        }
    }
}

#[test]
fn no_retries_means_none() {
    let bad = BadUpstream::start(Misbehaviour::CloseAfterRequest).expect("an upstream");
    let stage = behind(&[bad.address()], "retry.attempts = 0");
    assert_eq!(stage.get("/x", None).status, 502);
    assert_eq!(bad.heads().len(), 1);
}

#[test]
fn an_answer_that_has_begun_is_not_asked_for_again() {
    for misbehaviour in [Misbehaviour::CutBody, Misbehaviour::CutChunks, Misbehaviour::BadChunk] {
        let bad = BadUpstream::start(misbehaviour).expect("an upstream");
        let stage = behind(&[bad.address()], "retry.attempts = 2");
        // The head may be lost with the rest.
        let answer = RawClient::get(stage.gateway.address(), "/x", &[]);
        assert!(answer.is_ok_and(|answer| !answer.complete) || misbehaviour == Misbehaviour::BadChunk);
        assert_eq!(bad.heads().len(), 1, "{misbehaviour:?}");
    }
}

#[test]
fn a_post_over_a_kept_connection_that_the_upstream_has_closed_is_sent_once() {
    let upstream = named("echo");
    let between = ChaosProxy::start(upstream.address()).expect("a proxy");
    let stage = behind(&[between.address()], "");
    for number in 1..=20 {
        assert_eq!(stage.request("POST", "/x", &[], b"x").status, 200, "{number}");
        between.cut();
        between.restore();
        let answer = stage.request("POST", "/x", &[], b"x");
        let seen = upstream.requests();
        assert!(matches!(answer.status, 200 | 502), "{}", answer.text());
        assert_eq!(seen, if answer.status == 200 { 2 * number } else { seen }, "{number}");
        assert!(seen <= 2 * number, "sent twice");
    }
}

#[test]
fn what_no_upstream_should_say_is_502_and_the_next_request_goes_well() {
    for misbehaviour in [
        Misbehaviour::Garbage,
        Misbehaviour::HugeHeaders,
        Misbehaviour::ManyHeaders,
        Misbehaviour::TwoLengths,
        Misbehaviour::HalfHead,
        Misbehaviour::CloseAtOnce,
        Misbehaviour::Unasked101,
    ] {
        let bad = BadUpstream::start(misbehaviour).expect("an upstream");
        let stage = behind(&[bad.address()], "timeouts.first_byte = \"1s\"");
        let answer = stage.get("/x", None);
        let problem = answer.json().unwrap_or_else(|_| panic!("{misbehaviour:?}: {answer:?}"));
        assert_eq!((answer.status, &problem["source"]), (502, &"upstream".into()), "{misbehaviour:?}");
    }
}

#[test]
fn connections_are_kept_and_closed_when_they_have_been_idle() {
    let upstream = named("echo");
    let between = ChaosProxy::start(upstream.address()).expect("a proxy");
    for protocol in ["http1", "http2"] {
        let before = between.connections();
        let stage = behind(&[between.address()], &format!("protocol = \"{protocol}\""));
        assert_eq!(answers(&stage, 20), [("echo".to_owned(), 20)].into());
        assert_eq!(between.connections() - before, 1, "{protocol}");
    }
    let upstream = BadUpstream::start(Misbehaviour::HopByHop).expect("an upstream");
    let stage = behind(&[upstream.address()], "timeouts.keep_alive = \"100ms\"");
    assert_eq!(stage.get("/x", None).status, 200);
    eventually("the idle connection is closed", || upstream.closed() == 1);
}

#[test]
fn an_answer_that_is_more_than_an_answer_spoils_no_other() {
    let bad = BadUpstream::start(Misbehaviour::ExtraBytes).expect("an upstream");
    let stage = behind(&[bad.address()], "");
    for _ in 0..10 {
        let answer = stage.get("/x", None);
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    }
}

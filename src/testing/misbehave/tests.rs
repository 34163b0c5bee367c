use super::*;
use crate::testing::{RawClient, RawResponse};

fn get(misbehaviour: Misbehaviour) -> (BadUpstream, io::Result<RawResponse>) {
    let upstream = BadUpstream::start(misbehaviour).unwrap();
    let answer = RawClient::connect(upstream.address()).and_then(|mut client| {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")?;
        client.response()
    });
    (upstream, answer)
}

#[test]
fn a_refusing_upstream_has_no_listener() {
    assert_eq!(get(Misbehaviour::Refuse).1.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn heads_are_kept_and_the_connection_is_reset() {
    let (upstream, answer) = get(Misbehaviour::ResetAfterHead);
    assert_eq!(answer.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(upstream.heads(), ["GET / HTTP/1.1\r\nHost: x\r\n\r\n"]);
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn broken_heads_give_no_answer() {
    for misbehaviour in [Misbehaviour::CloseAfterRequest, Misbehaviour::HalfHead, Misbehaviour::Garbage] {
        assert!(get(misbehaviour).1.is_err(), "{misbehaviour:?}");
    }
}

#[test]
fn cut_bodies_are_not_complete() {
    for misbehaviour in [Misbehaviour::CutBody, Misbehaviour::CutChunks] {
        let answer = get(misbehaviour).1.unwrap();
        assert_eq!(answer.body, b"0123456789", "{misbehaviour:?}");
        assert!(!answer.complete, "{misbehaviour:?}");
    }
}

#[test]
fn a_close_delimited_body_is_complete() {
    let answer = get(Misbehaviour::CloseDelimited).1.unwrap();
    assert!(answer.complete);
    assert_eq!(answer.body, b"ok");
}

#[test]
fn extra_bytes_follow_the_answer() {
    let upstream = BadUpstream::start(Misbehaviour::ExtraBytes).unwrap();
    let mut client = RawClient::connect(upstream.address()).unwrap();
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!(client.response().unwrap().body, b"ok");
    assert_eq!(client.response().unwrap().body, b"poisoned");
}

#[test]
fn huge_heads_are_as_large_as_they_say() {
    let answer = get(Misbehaviour::HugeHeaders).1.unwrap();
    assert_eq!(answer.headers.len(), 2049);
    assert_eq!(get(Misbehaviour::ManyHeaders).1.unwrap().headers.len(), 5001);
}

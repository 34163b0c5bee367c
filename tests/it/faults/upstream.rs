//! Upstreams that refuse, break off, hang, or answer what is no answer.

use gatecloak::testing::{Misbehaviour, RawClient};

use super::scene::{ask, connect, head, wait_until, with_bad_upstream};
use crate::stage::Stage;

fn post(stage: &Stage, path: &str) -> u16 {
    stage.request("POST", path, &[], b"pay once").status
}

#[test]
fn a_connection_that_breaks_is_a_502_and_what_may_have_arrived_is_not_sent_again() {
    for misbehaviour in [
        Misbehaviour::Refuse,
        Misbehaviour::CloseAtOnce,
        Misbehaviour::CloseAfterRequest,
        Misbehaviour::ResetAfterHead,
        Misbehaviour::HalfHead,
        Misbehaviour::Garbage,
    ] {
        let (upstream, stage) = with_bad_upstream(misbehaviour, "");
        assert_eq!(post(&stage, "/bad"), 502, "{misbehaviour:?}");
        assert!(upstream.heads().len() <= 1, "{misbehaviour:?}: {:?}", upstream.heads());
        let before = upstream.heads().len();
        assert_eq!(stage.status("/bad", None), 502, "{misbehaviour:?}");
        assert!(upstream.heads().len() - before <= 2, "{misbehaviour:?}: {:?}", upstream.heads());
        assert_eq!(stage.status("/good/1", None), 200);
    }
}

#[test]
fn an_upstream_that_hangs_is_a_504_and_the_others_are_not_held_up() {
    let (upstream, stage) = with_bad_upstream(Misbehaviour::Hang, "timeouts.first_byte = \"5s\"");
    let mut waiting: Vec<_> = (0..50).map(|_| connect(stage.gateway.address())).collect();
    for client in &mut waiting {
        client.send(head("/bad", None)).expect("sent");
    }
    wait_until("all are sent on", || upstream.heads().len() == 50);
    let mut client = connect(stage.gateway.address());
    for _ in 0..100 {
        assert_eq!(ask(&mut client, "/good/1", None).status, 200);
    }
    for client in &mut waiting {
        assert_eq!(client.response().expect("an answer").status, 504);
    }
    wait_until("the connections are given up", || upstream.closed() == upstream.connections());
}

#[test]
fn a_head_that_never_ends_is_a_504() {
    for misbehaviour in [Misbehaviour::DripHead, Misbehaviour::EndlessInformational] {
        let (_upstream, stage) = with_bad_upstream(misbehaviour, "timeouts.first_byte = \"500ms\"");
        let status = stage.status("/bad", None);
        assert!(matches!(status, 502 | 504), "{misbehaviour:?}: {status}");
        assert_eq!(stage.status("/good/1", None), 200);
    }
}

#[test]
fn a_body_that_was_cut_never_looks_whole() {
    for misbehaviour in
        [Misbehaviour::CutBody, Misbehaviour::CutChunks, Misbehaviour::BadChunk, Misbehaviour::HangInBody]
    {
        let (_upstream, stage) = with_bad_upstream(misbehaviour, "timeouts.idle = \"300ms\"");
        for _ in 0..20 {
            // It may also break before its head was sent on.
            let Ok(answer) = RawClient::get(stage.gateway.address(), "/bad", &[]) else { continue };
            assert!(answer.status == 502 || !answer.complete, "{misbehaviour:?}: {answer:?}");
        }
    }
    let (_upstream, stage) = with_bad_upstream(Misbehaviour::CloseDelimited, "");
    let answer = stage.get("/bad", None);
    assert_eq!((answer.status, answer.text().as_str(), answer.complete), (200, "ok", true));
}

#[test]
fn what_nobody_asked_for_reaches_nobody() {
    for misbehaviour in [
        Misbehaviour::ExtraBytes,
        Misbehaviour::BothLengths,
        Misbehaviour::TwoLengths,
        Misbehaviour::Unasked101,
        Misbehaviour::OddStatus,
        Misbehaviour::HugeHeaders,
        Misbehaviour::ManyHeaders,
        Misbehaviour::Informational,
    ] {
        let (upstream, stage) = with_bad_upstream(misbehaviour, "");
        let mut client = connect(stage.gateway.address());
        for _ in 0..20 {
            let answer = ask(&mut client, "/bad", None);
            let text = answer.text();
            match misbehaviour {
                Misbehaviour::ExtraBytes | Misbehaviour::Informational => {
                    assert_eq!((answer.status, text.as_str()), (200, "ok"), "{misbehaviour:?}");
                }
                Misbehaviour::OddStatus => {
                    assert!(matches!(answer.status, 502 | 999), "{}", answer.status);
                }
                Misbehaviour::BothLengths => {
                    // Chunks count (RFC 9112 section 6.3), and the length is not passed on beside them.
                    assert!(answer.status == 502 || text == "ok", "{answer:?}");
                    assert!(answer.all("content-length").len() + answer.all("transfer-encoding").len() <= 1);
                }
                _ => assert_eq!(answer.status, 502, "{misbehaviour:?}"),
            }
            assert_eq!(ask(&mut client, "/good/1", None).status, 200, "{misbehaviour:?}");
        }
        if misbehaviour == Misbehaviour::ExtraBytes {
            assert_eq!(upstream.connections(), 20, "a connection with bytes left over is not used again");
        }
    }
}

#[test]
fn without_a_token_an_upstream_that_is_down_is_not_told_of() {
    let (_upstream, stage) = with_bad_upstream(Misbehaviour::Refuse, "");
    assert_eq!(stage.status("/guarded", None), 401);
    assert_eq!(stage.status("/guarded", Some("a.b.c")), 401);
    assert_eq!(stage.status("/guarded", Some(&stage.token("bob"))), 502);
}

//! The realm is down, slow, or answers nonsense.

use std::time::Duration;

use gatecloak::testing::{EchoUpstream, Endpoint, Fault, Mint, RawClient, SigningKey};

use super::scene::{ask, connect, reader, wait_until};
use crate::stage::{EVERY_NEED, Stage, start_gateway};

/// Fetches its keys again all the time, and does not wait for long.
const RESTLESS: &str = "timeout = \"500ms\"\njwks.refetch_after = \"100ms\"";

#[test]
fn a_gateway_starts_without_its_issuer_serves_what_is_public_and_is_ready_when_the_issuer_is() {
    let stage = Stage::start(EVERY_NEED);
    let bob = stage.token("bob");
    stage.idp.stop();
    let gateway = start_gateway(&stage.toml("timeout = \"1s\"", EVERY_NEED));
    let ops = gateway.ops_address().expect("ops");
    let bearer = format!("Bearer {bob}");
    let get = |path: &str| {
        let headers = [("Authorization", bearer.as_str())];
        RawClient::get(gateway.address(), path, &headers).expect("an answer")
    };
    let ready = || RawClient::get(ops, "/readyz", &[]).expect("an answer").status;
    for _ in 0..5 {
        assert_eq!(get("/public").status, 200);
        for path in ["/me", "/fresh", "/orders/1"] {
            let answer = get(path);
            assert_eq!(answer.status, 503, "{path}");
            assert!(answer.header("retry-after").is_some(), "{path}");
        }
        assert_eq!(ready(), 503);
    }
    stage.idp.restart().expect("restarted");
    wait_until("readiness", || ready() == 200);
    for path in ["/me", "/fresh", "/orders/1"] {
        assert_eq!(get(path).status, 200, "{path}");
    }
}

#[test]
fn known_keys_and_fresh_decisions_outlive_the_issuer_and_nothing_else_does() {
    let stage = Stage::start_with("timeout = \"1s\"", EVERY_NEED);
    let bob = stage.token("bob");
    for path in ["/me", "/orders/1"] {
        assert_eq!(stage.status(path, Some(&bob)), 200);
    }
    stage.idp.stop();
    for _ in 0..50 {
        let new = reader(&stage).sign(&stage.idp.key());
        assert_eq!(stage.status("/me", Some(&new)), 200, "a token never seen, by a known key");
        assert_eq!(stage.status("/orders/1", Some(&bob)), 200, "a decision that was made before");
    }
    let other_user = reader(&stage).user("alice").sign(&stage.idp.key());
    assert_eq!(stage.status("/orders/1", Some(&other_user)), 503, "a decision that was not");
    assert_eq!(stage.status("/fresh", Some(&bob)), 503);
    let unknown = reader(&stage).sign(&SigningKey::fresh(gatecloak::config::Algorithm::EdDSA));
    assert_eq!(stage.status("/me", Some(&unknown)), 503, "perhaps the realm knows the key");
    assert_eq!(stage.status("/public", None), 200);
}

#[test]
fn an_issuer_that_hangs_holds_up_nobody_with_a_known_key() {
    let stage = Stage::start_with("timeout = \"10s\"\nconcurrency = 4", EVERY_NEED);
    let known = reader(&stage).sign(&stage.idp.key());
    assert_eq!(stage.status("/me", Some(&known)), 200);
    let before = stage.idp.calls(Endpoint::Certs);
    for endpoint in [Endpoint::Certs, Endpoint::Introspection] {
        stage.idp.answer_with(endpoint, Fault::Hang);
    }
    let key = SigningKey::fresh(gatecloak::config::Algorithm::EdDSA);
    let mut waiting: Vec<_> = (0..20)
        .map(|number| {
            let mut client = connect(stage.gateway.address());
            let kid = key.clone().with_kid(&format!("unknown-{number}"));
            let (path, token) = if number % 2 == 0 {
                ("/me", reader(&stage).sign(&kid))
            } else {
                ("/fresh", reader(&stage).sign(&stage.idp.key()))
            };
            client.send(super::scene::head(path, Some(&token))).expect("sent");
            client
        })
        .collect();
    wait_until("the realm is asked", || {
        stage.idp.calls(Endpoint::Certs) > before && stage.idp.calls(Endpoint::Introspection) == 4
    });
    let mut client = connect(stage.gateway.address());
    for _ in 0..100 {
        let new = reader(&stage).sign(&stage.idp.key());
        assert_eq!(ask(&mut client, "/me", Some(&new)).status, 200);
        assert_eq!(stage.status("/me", Some(&known)), 200);
    }
    assert_eq!(stage.idp.calls(Endpoint::Certs) - before, 1, "one fetch is in flight");
    assert_eq!(stage.idp.calls(Endpoint::Introspection), 4, "no more calls than `concurrency`");
    stage.idp.stop();
    for client in &mut waiting {
        assert_eq!(client.response().expect("an answer").status, 503);
    }
}

#[test]
fn a_key_set_that_is_none_changes_nothing() {
    let canary = EchoUpstream::start().expect("a canary");
    let redirect = Fault::Redirect(format!("http://{}/canary", canary.address()));
    let faults = [
        Fault::Html,
        Fault::Garbage,
        Fault::Status(500),
        Fault::Status(204),
        Fault::EmptyKeySet,
        Fault::Null,
        Fault::Huge(60 * 1024 * 1024),
        Fault::Drip,
        Fault::Drop,
        redirect,
    ];
    std::thread::scope(|threads| {
        for fault in faults {
            threads.spawn(|| {
                let stage = Stage::start_with(RESTLESS, EVERY_NEED);
                let key = stage.idp.key();
                assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&key))), 200);
                let told = format!("{fault:?}");
                stage.idp.answer_with(Endpoint::Certs, fault);
                let before = stage.idp.calls(Endpoint::Certs);
                wait_until(&told, || stage.idp.calls(Endpoint::Certs) >= before + 3);
                assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&key))), 200, "{told}");
                // What comes back is used again.
                let newer = stage.idp.rotate_keys(gatecloak::testing::OldKeys::Withdraw);
                stage.idp.answer_rightly(Endpoint::Certs);
                wait_until(&told, || stage.status("/me", Some(&reader(&stage).sign(&newer))) == 200);
                assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&key))), 401, "{told}");
            });
        }
    });
    assert_eq!(canary.requests(), 0);
}

#[test]
fn two_hundred_requests_with_one_new_token_cause_one_call() {
    let stage = Stage::start(EVERY_NEED);
    for endpoint in [Endpoint::Introspection, Endpoint::Uma] {
        stage.idp.answer_with(endpoint, Fault::Delay(Duration::from_millis(200)));
    }
    for (path, endpoint) in [("/fresh", Endpoint::Introspection), ("/orders/1", Endpoint::Uma)] {
        let token = stage.token("bob");
        let before = stage.idp.calls(endpoint);
        let mut clients: Vec<_> = (0..200).map(|_| connect(stage.gateway.address())).collect();
        for client in &mut clients {
            client.send(super::scene::head(path, Some(&token))).expect("sent");
        }
        for client in &mut clients {
            assert_eq!(client.response().expect("an answer").status, 200, "{path}");
        }
        assert_eq!(stage.idp.calls(endpoint) - before, 1, "{path}");
    }
}

#[test]
fn a_wrong_secret_is_the_gateways_fault_and_not_the_callers() {
    let stage = Stage::start(EVERY_NEED);
    let bob = stage.token("bob");
    for endpoint in [Endpoint::Introspection, Endpoint::Uma] {
        let refusal = Fault::Status(401);
        stage.idp.answer_with(endpoint, refusal);
    }
    assert_eq!(stage.status("/fresh", Some(&bob)), 503);
    assert_eq!(stage.status("/me", Some(&bob)), 200);
    let expired = Mint::new(&stage.idp.issuer()).audience("gateway").expired().sign(&stage.idp.key());
    assert_eq!(stage.status("/fresh", Some(&expired)), 401, "a token that is bad is not asked about");
}

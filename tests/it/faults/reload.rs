//! The configuration changes while requests are judged.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gatecloak::testing::{DevIdp, EchoUpstream, RawClient};

use super::scene::{ask, connect, head, wait_until};
use crate::stage::{Stage, demo_realm, start_gateway};

#[test]
fn no_request_is_judged_by_a_mix_of_two_configurations() {
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let [guarded, open] = ["guarded", "open"].map(|name| {
        EchoUpstream::start_at("127.0.0.1:0".parse().expect("an address"), name).expect("an upstream")
    });
    let config = |upstream: &EchoUpstream, require: &str| {
        format!(
            "[upstreams.one]\nendpoints = [\"http://{}\"]\n[providers.demo]\nissuer = \"{}\"\n\
             client_id = \"gateway\"\n[routes.all]\npath = \"/*\"\nrequire = {require}\n",
            upstream.address(),
            idp.issuer()
        )
    };
    let closed = config(&guarded, "{ realm_role = \"manager\" }");
    let public = config(&open, "\"public\"");
    let gateway = start_gateway(&closed);
    let (stop, refused, passed) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let mut client = connect(gateway.address());
                while !stop.load(Ordering::Relaxed) {
                    let answer = ask(&mut client, "/a", None);
                    match answer.status {
                        401 => refused.fetch_add(1, Ordering::Relaxed),
                        200 => passed.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}"),
                    };
                }
            });
        }
        for turn in 0..40 {
            let (toml, counter) = if turn % 2 == 0 { (&public, &passed) } else { (&closed, &refused) };
            gateway.reload_with(toml).expect("reloaded");
            let before = counter.load(Ordering::Relaxed);
            wait_until("the new configuration is in force", || counter.load(Ordering::Relaxed) > before + 5);
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(guarded.requests(), 0, "only what is public passed, and only to its own upstream");
    assert!(open.requests() >= passed.load(Ordering::Relaxed));
}

#[test]
fn a_request_in_flight_ends_under_the_configuration_it_began_with() {
    let stage = Stage::start("[routes.sse]\npath = \"/drip\"\nrequire = \"public\"\n");
    let mut client = connect(stage.gateway.address());
    client.send(head("/drip", None)).expect("sent");
    wait_until("it is in flight", || stage.upstream.requests() == 1);
    stage.gateway.reload_with(&stage.toml("", "[routes.me]\npath = \"/me\"\n")).expect("reloaded");
    let answer = client.response().expect("an answer");
    assert_eq!((answer.status, answer.complete, answer.body.len()), (200, true, 10));
    assert_eq!(ask(&mut client, "/drip", None).status, 404);
}

#[test]
fn a_decision_made_before_a_reload_is_not_one_for_the_rule_after_it() {
    let route = |scope: &str| {
        format!(
            "[routes.orders]\npath = \"/orders/*\"\nrequire = {{ permission = {{ scopes = [\"{scope}\"] }} }}\n"
        )
    };
    let stage = Stage::start(&route("view"));
    let bob = stage.token("bob");
    let mut client = connect(stage.gateway.address());
    for _ in 0..3 {
        assert_eq!(ask(&mut client, "/orders/1", Some(&bob)).status, 200);
    }
    stage.gateway.reload_with(&stage.toml("", &route("edit"))).expect("reloaded");
    assert_eq!(ask(&mut client, "/orders/1", Some(&bob)).status, 403, "the same connection and token");
    stage.gateway.reload_with(&stage.toml("", &route("view"))).expect("reloaded");
    assert_eq!(ask(&mut client, "/orders/1", Some(&bob)).status, 200);
    // The same token is for nobody here any more.
    let audience = "token.audience = [\"someone-else\"]";
    stage.gateway.reload_with(&stage.toml(audience, &route("view"))).expect("reloaded");
    assert_eq!(ask(&mut client, "/orders/1", Some(&bob)).status, 401);
}

#[test]
fn a_file_that_cannot_be_used_changes_nothing() {
    let stage = Stage::start("[routes.me]\npath = \"/me\"\n");
    let bob = stage.token("bob");
    let good = stage.toml("", "[routes.me]\npath = \"/me\"\n");
    let file = stage.gateway.folder().join("gateway.toml");
    let mut client = connect(stage.gateway.address());
    let broken: [&[u8]; 4] =
        [b"", b"\xff\xfe", &good.as_bytes()[..good.len() / 2], b"[listener.limits]\nhead_bytes = 1\n"];
    for bytes in broken {
        stage.gateway.write("gateway.toml", bytes).expect("written");
        stage.gateway.reload().expect_err("a broken configuration");
        assert_eq!(ask(&mut client, "/me", Some(&bob)).status, 200);
        assert_eq!(ask(&mut client, "/other", Some(&bob)).status, 404);
    }
    std::fs::remove_file(&file).expect("removed");
    stage.gateway.reload().expect_err("no configuration");
    std::fs::create_dir(&file).expect("a folder in its place");
    stage.gateway.reload().expect_err("a folder");
    assert_eq!(ask(&mut client, "/me", Some(&bob)).status, 200);
    assert_eq!(RawClient::get(stage.gateway.address(), "/me", &[]).expect("an answer").status, 401);
}

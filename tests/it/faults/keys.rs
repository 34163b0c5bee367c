//! The realm's keys change, are odd, or are made up.

use gatecloak::config::Algorithm;
use gatecloak::testing::{Endpoint, OldKeys, RawClient, SigningKey};
use serde_json::json;

use super::scene::{ask, connect, reader, wait_until};
use crate::stage::Stage;

const ROUTES: &str = "[routes.me]\npath = \"/me\"\n";

/// A cool-down that does not end while a test runs.
const ENDLESS: &str = "jwks.cool_down = \"1h\"\njwks.refetch_after = \"1h\"";

#[test]
fn keys_may_change_right_after_the_start_and_once_more_without_a_false_401() {
    let stage = Stage::start_with(ENDLESS, ROUTES);
    // Perhaps before the first keys have come.
    let first = reader(&stage).sign(&stage.idp.key());
    assert_eq!(stage.status("/me", Some(&first)), 200);
    for _ in 0..2 {
        let key = stage.idp.rotate_keys(OldKeys::Keep);
        assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&key))), 200, "the first request with it");
        assert_eq!(stage.status("/me", Some(&first)), 200, "the old key is still published");
    }
}

#[test]
fn a_key_that_was_withdrawn_is_refused_after_the_next_fetch_also_where_it_was_proven() {
    let stage = Stage::start_with("jwks.refetch_after = \"100ms\"", ROUTES);
    let old = reader(&stage).sign(&stage.idp.key());
    let mut client = connect(stage.gateway.address());
    // Proven on this connection, and in the cache for all others.
    assert_eq!(ask(&mut client, "/me", Some(&old)).status, 200);
    assert_eq!(stage.status("/me", Some(&old)), 200);
    let new = stage.idp.rotate_keys(OldKeys::Keep);
    assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&new))), 200);
    assert_eq!(ask(&mut client, "/me", Some(&old)).status, 200, "not withdrawn yet");
    stage.idp.withdraw_old_keys();
    wait_until("the refusal", || ask(&mut client, "/me", Some(&old)).status == 401);
    assert_eq!(stage.status("/me", Some(&old)), 401);
    assert_eq!(stage.status("/me", Some(&reader(&stage).sign(&new))), 200);
}

#[test]
fn two_hundred_made_up_keys_cause_two_fetches_and_disturb_nobody() {
    let stage = Stage::start_with(ENDLESS, ROUTES);
    let good = reader(&stage).sign(&stage.idp.key());
    assert_eq!(stage.status("/me", Some(&good)), 200);
    let before = stage.idp.calls(Endpoint::Certs);
    let key = SigningKey::fresh(Algorithm::ES256);
    let mut flood = connect(stage.gateway.address());
    let mut client = connect(stage.gateway.address());
    for number in 0..200 {
        let forged = reader(&stage).sign(&key.clone().with_kid(&format!("made-up-{number}")));
        assert_eq!(ask(&mut flood, "/me", Some(&forged)).status, 401);
        assert_eq!(ask(&mut client, "/me", Some(&good)).status, 200);
    }
    let fetches = stage.idp.calls(Endpoint::Certs) - before;
    assert!(fetches <= 2, "{fetches}");
}

#[test]
fn odd_members_of_a_key_set_are_passed_over_one_by_one() {
    let stage = Stage::start_with(ENDLESS, ROUTES);
    let good = SigningKey::fresh(Algorithm::ES256);
    let twin = SigningKey::fresh(Algorithm::ES256).with_kid(good.kid());
    let small = SigningKey::fresh(Algorithm::EdDSA);
    let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
    stage.idp.use_key(good.clone(), OldKeys::Withdraw);
    stage.idp.set_jwks(Some(json!({ "keys": [
        null,
        "a key",
        { },
        { "kty": "NEW", "kid": "future", "use": "sig" },
        { "kty": "RSA", "kid": "no-modulus", "alg": "RS256", "e": "AQAB" },
        { "kty": "RSA", "kid": "short", "alg": "RS256", "e": "AQAB", "n": "AQAB" },
        { "kty": "oct", "kid": "secret", "alg": "HS256", "k": secret },
        { "kty": "EC", "kid": "off-the-curve", "alg": "ES256", "crv": "P-256", "x": "AQAB", "y": "AQAB" },
        { "kty": "OKP", "kid": "another-curve", "alg": "EdDSA", "crv": "X25519", "x": "AQAB" },
        { "kty": 7, "kid": ["a"], "alg": {} },
        twin.jwk(),
        good.jwk(),
        small.jwk(),
    ] })));
    for key in [&good, &twin, &small] {
        assert_eq!(stage.status("/me", Some(&reader(&stage).sign(key))), 200);
    }
    let forged = reader(&stage).header("kid", "secret").hs256_with_public_key(&good);
    assert_eq!(stage.status("/me", Some(&forged)), 401);
    let ops = stage.gateway.ops_address().expect("ops");
    assert_eq!(RawClient::get(ops, "/readyz", &[]).expect("an answer").status, 200);
}

//! Tokens of the real realm, decoded.

use std::time::{Duration, Instant};

use gatecloak::config::Algorithm;
use gatecloak::token::{Check, DecodeKeys, DecodeRules};
use serde_json::json;

use super::{Scene, text};

/// Covers `KeycloakOpenID.decode_token`, `KeycloakOpenID.certs`, `KeycloakOpenID.public_key`.
#[test]
fn a_token_is_decoded_with_the_realms_keys_and_with_its_one_key() {
    let Some(scene) = Scene::new() else { return };
    let token = scene.token("alice");
    let set = DecodeKeys::from_jwks(&scene.run(scene.shop.certs()).expect("keys")).expect("keys");
    let bare = scene.run(scene.shop.public_key()).expect("a key");
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{bare}\n-----END PUBLIC KEY-----");
    let rules = DecodeRules {
        issuers: vec![format!("{}/realms/{}", scene.url, scene.name)],
        required: vec!["exp".into(), "azp".into()],
        ..DecodeRules::new("shop")
    };
    for keys in [set, DecodeKeys::from_pem(&pem).expect("a key"), DecodeKeys::from_pem(&bare).expect("a key")]
    {
        let claims = rules.decode(&token, &keys).expect("the claims");
        assert_eq!(
            (text(&claims, "azp"), text(&claims, "preferred_username")),
            ("public".into(), "alice".into())
        );
        let reason =
            |rules: &DecodeRules, token: &str| rules.decode(token, &keys).expect_err("a refusal").reason();
        assert_eq!(reason(&DecodeRules::new("public"), &token), "audience");
        let without = DecodeRules { without: vec![Check::Audience], ..DecodeRules::new("public") };
        assert!(without.decode(&token, &keys).is_ok());
        let other = DecodeRules { algorithms: vec![Algorithm::ES256], ..rules.clone() };
        assert_eq!(reason(&other, &token), "algorithm");
        assert_eq!(reason(&rules, "x.y.z"), "malformed");
        let (signed, _) = token.rsplit_once('.').expect("a signature");
        assert_eq!(reason(&rules, &format!("{signed}.AAAA")), "signature");
        let foreign = DecodeRules { issuers: vec!["https://other".into()], ..rules.clone() };
        assert_eq!(reason(&foreign, &token), "claims");
    }
}

/// Covers `KeycloakOpenID.decode_token`.
#[test]
fn a_token_expires() {
    let Some(scene) = Scene::with(json!({"accessTokenLifespan": 1})) else { return };
    let token = scene.token("alice");
    let keys = DecodeKeys::from_jwks(&scene.run(scene.shop.certs()).expect("keys")).expect("keys");
    let begin = Instant::now();
    let rules = DecodeRules::new("shop");
    while rules.decode(&token, &keys).is_ok() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it does not expire");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(rules.decode(&token, &keys).expect_err("expired").reason(), "expired");
    assert!(DecodeRules { leeway: 3600, ..rules }.decode(&token, &keys).is_ok());
}

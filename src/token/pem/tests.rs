use serde_json::json;

use super::*;
use crate::token::fixture::{claims, config, folder, header, sign, verify_with, with};

fn load_pem(name: &str, algorithm: Option<Algorithm>) -> Result<KeySet, Problem> {
    let config = JwksConfig { pem_algorithm: algorithm, ..JwksConfig::default() };
    load("providers.shop.jwks", &config, Path::new(name), &folder())
}

#[test]
fn a_public_key_verifies_tokens_whatever_their_kid() {
    for (name, stated, algorithm) in [
        ("rsa.pub.pem", Some(Algorithm::RS256), Algorithm::RS256),
        ("rsa.pub.pem", Some(Algorithm::PS512), Algorithm::PS512),
        ("p256.pub.pem", None, Algorithm::ES256),
        ("p256.pub.pem", Some(Algorithm::ES256), Algorithm::ES256),
        ("p384.pub.pem", None, Algorithm::ES384),
        ("ed25519.pub.pem", None, Algorithm::EdDSA),
    ] {
        let keys = load_pem(name, stated).unwrap();
        for kid in [json!(null), json!("any")] {
            let header = with(header(algorithm), json!({ "kid": kid }));
            let token = sign(algorithm, &header.to_string(), &claims().to_string());
            verify_with(&token, &keys, &config(json!({}))).unwrap();
        }
    }
    assert!(load_pem("p521.pub.pem", None).is_ok());
}

#[test]
fn what_is_no_usable_public_key_is_a_problem_with_a_hint() {
    for (name, algorithm, key) in [
        ("rsa.pub.pem", None, "pem"),
        ("rsa-1024.pub.pem", None, "pem"),
        ("rsa-1024.pub.pem", Some(Algorithm::RS256), "pem_algorithm"),
        ("rsa.pub.pem", Some(Algorithm::ES256), "pem_algorithm"),
        ("p256.pub.pem", Some(Algorithm::ES384), "pem_algorithm"),
        ("p256.pub.pem", Some(Algorithm::RS256), "pem_algorithm"),
        ("ed25519.pub.pem", Some(Algorithm::RS256), "pem_algorithm"),
        ("certificate.pem", Some(Algorithm::RS256), "pem"),
        ("rsa.pem", Some(Algorithm::RS256), "pem"),
        ("README.md", None, "pem"),
    ] {
        let problem = load_pem(name, algorithm).unwrap_err();
        assert_eq!(problem.key, format!("providers.shop.jwks.{key}"), "{name} {algorithm:?}");
        assert!(problem.hint.is_some(), "{name} {algorithm:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let problem = load_pem("nowhere.pem", None).unwrap_err();
    assert!(problem.message.contains("nowhere.pem"), "{}", problem.message);
}

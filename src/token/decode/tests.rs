use serde_json::{Value, json};

use super::{Check, DecodeError, DecodeKeys, DecodeRules};
use crate::config::Algorithm;
use crate::token::fixture::{
    COMMON, NOW, claims, encode, file, header, jwk_with, key_name, sign, token, with,
};

fn keys(algorithm: Algorithm) -> DecodeKeys {
    let key = jwk_with(key_name(algorithm), json!({"alg": algorithm.name()}));
    DecodeKeys::from_jwks(&json!({"keys": [key]})).unwrap()
}

fn decode_with(rules: &DecodeRules, token: &str) -> Result<Value, DecodeError> {
    rules.decode_at(token, &keys(Algorithm::RS256), NOW)
}

/// The reason, `good` for none, of a good token with these changes.
fn reason(changes: Value) -> &'static str {
    match decode_with(&DecodeRules::new("gateway"), &token(changes)) {
        Ok(_) => "good",
        Err(error) => error.reason(),
    }
}

#[test]
fn the_claims_of_a_good_token_come_whole() {
    assert_eq!(decode_with(&DecodeRules::new("gateway"), &token(json!({}))), Ok(claims()));
}

#[test]
fn every_algorithm_decodes_with_its_key() {
    for algorithm in COMMON {
        let token = sign(algorithm, &header(algorithm).to_string(), &claims().to_string());
        let rules = DecodeRules { algorithms: vec![algorithm], ..DecodeRules::new("gateway") };
        assert!(rules.decode_at(&token, &keys(algorithm), NOW).is_ok(), "{algorithm:?}");
        assert_eq!(rules.decode_at(&token, &keys(algorithm), NOW + 300), Err(DecodeError::Expired));
    }
}

#[test]
fn every_claim_that_is_wrong_has_its_reason() {
    assert_eq!(reason(json!({"exp": NOW})), "expired");
    assert_eq!(reason(json!({"exp": "soon"})), "claims");
    assert_eq!(reason(json!({"nbf": NOW + 1})), "claims");
    assert_eq!(reason(json!({"iat": "x"})), "claims");
    assert_eq!(reason(json!({"aud": ["account"]})), "audience");
    assert_eq!(reason(json!({"aud": "gateway"})), "good");
    assert_eq!(reason(json!({"aud": null})), "good");
    assert_eq!(reason(json!({"aud": 5})), "claims");
    assert_eq!(reason(json!({"sub": 5})), "claims");
    assert_eq!(reason(json!({"jti": 5})), "claims");
    assert_eq!(reason(json!({"at_hash": "x"})), "claims");
}

#[test]
fn what_is_asked_for_must_be_so() {
    let strict = DecodeRules::new("gateway");
    let good = token(json!({}));
    let refused = |rules: DecodeRules| decode_with(&rules, &good).unwrap_err().reason();
    assert_eq!(refused(DecodeRules { issuers: vec!["https://other".into()], ..strict.clone() }), "claims");
    assert_eq!(refused(DecodeRules { subject: Some("other".into()), ..strict.clone() }), "claims");
    assert_eq!(refused(DecodeRules { required: vec!["nonce".into()], ..strict.clone() }), "claims");
    assert_eq!(refused(DecodeRules { algorithms: vec![Algorithm::ES256], ..strict.clone() }), "algorithm");
    let late = token(json!({"exp": NOW - 5}));
    assert!(decode_with(&DecodeRules { leeway: 10, ..strict.clone() }, &late).is_ok());
    assert!(decode_with(&DecodeRules { without: vec![Check::Expiry], ..strict.clone() }, &late).is_ok());
    let foreign = token(json!({"aud": "other"}));
    assert!(decode_with(&DecodeRules { without: vec![Check::Audience], ..strict }, &foreign).is_ok());
}

#[test]
fn the_hash_of_an_access_token_is_compared() {
    // OpenID Connect Core, A.4: the access token and its hash.
    let rules = DecodeRules {
        access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y".into()),
        ..DecodeRules::new("gateway")
    };
    assert!(decode_with(&rules, &token(json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}))).is_ok());
    assert_eq!(decode_with(&rules, &token(json!({"at_hash": "x"}))).unwrap_err().reason(), "claims");
}

#[test]
fn forged_and_broken_tokens_are_told_apart() {
    let good = token(json!({}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = signed.split_once('.').unwrap();
    let other = encode(with(claims(), json!({"sub": "root"})).to_string());
    let rules = DecodeRules::new("gateway");
    let refused = |token: &str| decode_with(&rules, token).unwrap_err().reason();
    assert_eq!(refused(&format!("{head}.{other}.{signature}")), "signature");
    assert_eq!(refused(&format!("{}.{other}.", encode(r#"{"alg":"none"}"#))), "algorithm");
    assert_eq!(refused(&format!("{}.{other}.AAAA", encode(r#"{"alg":"HS256"}"#))), "algorithm");
    for signature in ["", "AAAA", "A", &format!("{signature}x")] {
        assert_eq!(refused(&format!("{signed}.{signature}")), "signature", "{signature}");
    }
    for broken in ["", "x", "a.b.c", "a.b", &format!("{good}.x"), &format!("{head}.!.{signature}")] {
        assert_eq!(refused(broken), "malformed", "{broken}");
    }
}

/// Which of the two would count is open, and other readers of the same token may take the other.
#[test]
fn a_member_that_stands_twice_is_refused() {
    let twice = |claims: &str| {
        let token = sign(Algorithm::RS256, &header(Algorithm::RS256).to_string(), claims);
        decode_with(&DecodeRules::new("gateway"), &token).map_err(|error| error.reason())
    };
    assert!(twice(r#"{"sub":"a1","act":{"sub":"b2"}}"#).is_ok());
    assert_eq!(twice(r#"{"sub":"a1","sub":"b2"}"#), Err("malformed"));
    assert_eq!(twice(r#"{"sub":"a1","act":{"sub":"b2","sub":"b2"}}"#), Err("malformed"));
}

#[test]
fn a_key_is_read_from_pem_with_and_without_its_lines() {
    let key = jwk_with("rsa", json!({}));
    assert!(DecodeKeys::from_jwks(&json!({"keys": []})).is_none() && DecodeKeys::from_jwks(&key).is_none());
    let pem = String::from_utf8(file("rsa.pub.pem")).unwrap();
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for text in [pem.as_str(), bare.as_str()] {
        let keys = DecodeKeys::from_pem(text).unwrap();
        assert!(DecodeRules::new("gateway").decode_at(&token(json!({})), &keys, NOW).is_ok());
        let es256 = sign(Algorithm::ES256, &header(Algorithm::ES256).to_string(), &claims().to_string());
        let rules = DecodeRules { algorithms: vec![Algorithm::ES256], ..DecodeRules::new("gateway") };
        assert_eq!(rules.decode_at(&es256, &keys, NOW), Err(DecodeError::Signature));
    }
    assert!(DecodeKeys::from_pem("no key").is_none());
}

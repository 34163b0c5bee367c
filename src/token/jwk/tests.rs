use serde_json::{Value, json};

use super::*;
use crate::token::fixture::{
    claims, config, header, jwk, jwk_with, key_set, keys_for, set_json, sign, token, verify_with, with,
};

/// What a set says to a good RS256 token with the `kid` `rsa`.
fn judge(keys: &[Value]) -> Result<(), TokenError> {
    verify_with(&token(json!({})), &key_set(keys), &config(json!({}))).map(|_| ())
}

fn is_usable(key: Value) -> bool {
    KeySet::from_json(&set_json(&[key])).is_some()
}

#[test]
fn every_kind_of_signing_key_is_read() {
    let names = ["rsa", "p256", "p384", "p521", "ed25519"];
    let keys = key_set(&names.map(jwk));
    for name in names {
        assert!(keys.has(Some(name)), "{name}");
    }
}

#[test]
fn keys_that_cannot_be_used_are_skipped_one_by_one() {
    let rsa = jwk("rsa");
    let odd = [
        json!({}),
        json!(null),
        json!(7),
        json!("key"),
        json!({ "kty": 7 }),
        json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "oct", "alg": "HS256" }),
        json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "kid": "pq" }),
        json!({ "kty": "OKP", "crv": "X25519", "x": jwk("ed25519")["x"], "kid": "x" }),
        json!({ "kty": "OKP", "crv": "Ed448", "x": "AA", "kid": "x" }),
        json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "k" }),
        jwk("rsa-1024"),
        jwk_with("rsa-other", json!({ "n": null })),
        jwk_with("rsa-other", json!({ "e": null })),
        jwk_with("rsa-other", json!({ "n": "!!" })),
        jwk_with("rsa-other", json!({ "n": "" })),
        jwk_with("rsa-other", json!({ "e": "AA" })),
        jwk_with("rsa-other", json!({ "e": "AQ" })),
        jwk_with("rsa-other", json!({ "use": "enc" })),
        jwk_with("rsa-other", json!({ "use": "" })),
        jwk_with("rsa-other", json!({ "key_ops": ["encrypt"] })),
        jwk_with("rsa-other", json!({ "key_ops": [] })),
        jwk_with("rsa-other", json!({ "alg": "RSA-OAEP" })),
        jwk_with("rsa-other", json!({ "alg": "HS256" })),
        jwk_with("rsa-other", json!({ "alg": "none" })),
        jwk_with("rsa-other", json!({ "alg": "rs256" })),
        jwk_with("rsa-other", json!({ "alg": "ES256" })),
        jwk_with("rsa-other", json!({ "kty": "rsa" })),
        jwk_with("p256", json!({ "y": null })),
        jwk_with("p256", json!({ "crv": null })),
        jwk_with("p256", json!({ "crv": "P-384" })),
        jwk_with("p256", json!({ "alg": "ES384" })),
        jwk_with("p256", json!({ "x": jwk("p256")["y"] })),
        jwk_with("p256", json!({ "kty": "RSA" })),
        jwk_with("ed25519", json!({ "x": "AA" })),
        jwk_with("ed25519", json!({ "alg": "ES256" })),
    ];
    for key in &odd {
        assert!(!is_usable(key.clone()), "{key}");
    }
    let mut all = odd.to_vec();
    all.push(rsa);
    assert_eq!(judge(&all), Ok(()));
    all.reverse();
    assert_eq!(judge(&all), Ok(()));
}

#[test]
fn signing_keys_may_say_so() {
    for members in [
        json!({ "use": "sig" }),
        json!({ "key_ops": ["verify"] }),
        json!({ "use": "sig", "key_ops": ["sign", "verify"], "alg": "RS256", "x5c": ["AAAA"], "x5t": "AA" }),
    ] {
        assert_eq!(judge(&[jwk_with("rsa", members)]), Ok(()));
    }
}

#[test]
fn what_is_no_key_set_has_no_keys() {
    for json in [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        "{\"keys\": {}}",
        "{\"keys\": null}",
        "{\"keys\": []}",
        "{\"keys\": [{}]",
    ] {
        assert!(KeySet::from_json(json.as_bytes()).is_none(), "{json}");
    }
}

#[test]
fn an_rsa_key_without_alg_is_for_rs256_alone() {
    let keys = key_set(&[jwk("rsa")]);
    for algorithm in [Algorithm::RS256, Algorithm::RS384, Algorithm::PS256] {
        let token = sign(algorithm, &header(algorithm).to_string(), &claims().to_string());
        let judged = verify_with(&token, &keys, &config(json!({}))).map(|_| ());
        let expected =
            if algorithm == Algorithm::RS256 { Ok(()) } else { Err(TokenError::AlgorithmUnsupported) };
        assert_eq!(judged, expected, "{algorithm:?}");
    }
}

#[test]
fn keys_with_the_same_kid_are_each_tried_with_their_own_algorithm() {
    let other = jwk_with("rsa-other", json!({ "kid": "rsa" }));
    let curve = jwk_with("p256", json!({ "kid": "rsa" }));
    assert_eq!(judge(&[other.clone(), curve.clone(), jwk("rsa")]), Ok(()));
    assert_eq!(judge(&[jwk("rsa"), other.clone()]), Ok(()));
    assert_eq!(judge(&[other, curve.clone()]), Err(TokenError::SignatureInvalid));
    assert_eq!(judge(&[curve]), Err(TokenError::AlgorithmUnsupported));
}

#[test]
fn the_keys_tried_for_one_kid_are_bounded() {
    let mut keys = vec![jwk("rsa"); 500];
    keys.push(jwk_with("p256", json!({ "kid": "rsa" })));
    assert_eq!(key_set(&keys).find(Some("rsa")).len(), 1);
}

#[test]
fn a_kid_is_compared_exactly() {
    let keys = keys_for(Algorithm::RS256);
    for kid in [
        "",
        "RSA",
        "rsa ",
        " rsa",
        "rs",
        "rsaa",
        "../rsa",
        "/etc/passwd",
        "rsa\0",
        "http://evil/rsa",
        "' OR 1=1",
    ] {
        let header = with(header(Algorithm::RS256), json!({ "kid": kid }));
        let token = sign(Algorithm::RS256, &header.to_string(), &claims().to_string());
        let refused = verify_with(&token, &keys, &config(json!({}))).unwrap_err();
        assert_eq!(refused, TokenError::KeyUnknown, "{kid}");
    }
}

#[test]
fn a_token_without_kid_needs_the_one_key_without() {
    let header = with(header(Algorithm::RS256), json!({ "kid": null }));
    let token = sign(Algorithm::RS256, &header.to_string(), &claims().to_string());
    let judge = |keys: &[Value]| verify_with(&token, &key_set(keys), &config(json!({}))).map(|_| ());
    let without = |name| jwk_with(name, json!({ "kid": null }));
    assert_eq!(judge(&[jwk("rsa")]), Err(TokenError::KeyUnknown));
    assert_eq!(judge(&[jwk("p256"), without("rsa")]), Ok(()));
    assert_eq!(judge(&[jwk("p256"), without("rsa"), without("rsa-other")]), Err(TokenError::KeyUnknown));
    // A key without `kid` is not for tokens that have one.
    let other = key_set(&[without("rsa")]);
    let refused =
        verify_with(&crate::token::fixture::token(json!({})), &other, &config(json!({}))).unwrap_err();
    assert_eq!(refused, TokenError::KeyUnknown);
}

#[test]
fn a_key_inside_the_token_is_never_used() {
    // Signed by our own key, which the header brings along in each of the ways there are; the realm has another.
    for members in [
        json!({ "jwk": jwk("rsa") }),
        json!({ "jku": "https://evil.example.com/keys" }),
        json!({ "x5u": "https://evil.example.com/cert" }),
        json!({ "x5c": ["AAAA"] }),
        json!({ "jwk": jwk("rsa"), "kid": null }),
        json!({ "jwk": { "kty": "oct", "k": "" } }),
    ] {
        let header = with(header(Algorithm::RS256), members);
        let token = sign(Algorithm::RS256, &header.to_string(), &claims().to_string());
        let realm = key_set(&[jwk_with("rsa-other", json!({ "kid": "rsa" }))]);
        let refused = verify_with(&token, &realm, &config(json!({}))).unwrap_err();
        assert!(matches!(refused, TokenError::SignatureInvalid | TokenError::KeyUnknown), "{refused}");
    }
}

#[test]
fn the_public_key_is_no_hmac_secret() {
    for alg in ["HS256", "HS384", "HS512"] {
        let pem = crate::token::fixture::file("rsa.pub.pem");
        let key = jsonwebtoken::EncodingKey::from_secret(&pem);
        let mut header = jsonwebtoken::Header::new(alg.parse().unwrap());
        header.kid = Some("rsa".to_owned());
        let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
        let refused = verify_with(&token, &key_set(&[jwk("rsa")]), &config(json!({}))).unwrap_err();
        assert_eq!(refused, TokenError::AlgorithmUnsupported);
    }
}

#[test]
fn sets_are_equal_when_their_keys_are() {
    assert_eq!(key_set(&[jwk("rsa"), jwk("p256")]), key_set(&[jwk("p256"), jwk("rsa")]));
    assert_ne!(key_set(&[jwk("rsa")]), key_set(&[jwk("rsa"), jwk("p256")]));
    assert_ne!(key_set(&[jwk("rsa")]), key_set(&[jwk_with("rsa", json!({ "alg": "PS256" }))]));
    assert_ne!(key_set(&[jwk("rsa")]), key_set(&[jwk_with("rsa-other", json!({ "kid": "rsa" }))]));
}

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;

use super::*;
use crate::token::TokenError;
use crate::token::fixture::{
    COMMON, NOW, claims, config, encode, encoding_key, file, header, key_name, key_set, keys_for, sign,
    theirs, verify_with, with,
};

/// jsonwebtoken has no ES512.
fn sign_es512() -> String {
    let pem = file("p521.pem");
    let der =
        <rustls::pki_types::PrivatePkcs8KeyDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice(
            &pem,
        );
    let der = der.unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P521_SHA512_FIXED_SIGNING, der.secret_pkcs8_der()).unwrap();
    let signed = format!("{}.{}", encode(header(Algorithm::ES512).to_string()), encode(claims().to_string()));
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("{signed}.{}", encode(signature))
}

fn signed(algorithm: Algorithm) -> String {
    match algorithm {
        Algorithm::ES512 => sign_es512(),
        _ => sign(algorithm, &header(algorithm).to_string(), &claims().to_string()),
    }
}

/// The token with another signature.
fn with_signature(token: &str, signature: &[u8]) -> String {
    let (signed, _) = token.rsplit_once('.').unwrap();
    format!("{signed}.{}", encode(signature))
}

fn signature_of(token: &str) -> Vec<u8> {
    use base64::Engine as _;
    let (_, signature) = token.rsplit_once('.').unwrap();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap()
}

fn refusal(token: &str, algorithm: Algorithm) -> TokenError {
    verify_with(token, &keys_for(algorithm), &config(json!({}))).unwrap_err()
}

#[test]
fn a_good_signature_verifies_with_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let token = signed(algorithm);
        verify_with(&token, &keys_for(algorithm), &config(json!({})))
            .unwrap_or_else(|e| panic!("{algorithm:?}: {e}"));
    }
}

#[test]
fn the_examples_of_the_rfcs_verify() {
    let examples: Vec<serde_json::Value> = serde_json::from_slice(&file("rfc.json")).unwrap();
    assert_eq!(examples.len(), 4);
    for example in examples {
        use base64::Engine as _;
        let decode = |name: &str| {
            let text = example["jwk"][name].as_str().unwrap();
            base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
        };
        let key = match example["alg"].as_str().unwrap() {
            "RS256" => VerifyingKey::rsa(Algorithm::RS256, &decode("n"), &decode("e")),
            "ES256" => VerifyingKey::ec(Algorithm::ES256, &decode("x"), &decode("y")),
            "ES512" => VerifyingKey::ec(Algorithm::ES512, &decode("x"), &decode("y")),
            _ => VerifyingKey::ed25519(&decode("x")),
        }
        .unwrap();
        let token = example["token"].as_str().unwrap();
        let (signed, _) = token.rsplit_once('.').unwrap();
        let signature = signature_of(token);
        assert!(key.is_signature(signed.as_bytes(), &signature), "{}", example["name"]);
        assert!(!key.is_signature(&signed.as_bytes()[1..], &signature), "{}", example["name"]);
    }
}

#[test]
fn signatures_of_zeros_do_not_verify() {
    for algorithm in Algorithm::ALL {
        let token = signed(algorithm);
        let length = signature_of(&token).len();
        for zeros in [vec![0; length], vec![0; 64], vec![0; 96], vec![0; 132], vec![0], Vec::new()] {
            assert_eq!(refusal(&with_signature(&token, &zeros), algorithm), TokenError::SignatureInvalid);
        }
    }
}

#[test]
fn ecdsa_signatures_outside_their_range_do_not_verify() {
    // The order of P-256, as `r`, as `s`, and as both.
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
        0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let token = signed(Algorithm::ES256);
    let good = signature_of(&token);
    let (r, s) = good.split_at(32);
    for bad in [[&order[..], s], [r, &order], [&order, &order], [&[0; 32], s], [r, &[0; 32]], [s, r]] {
        let bad = with_signature(&token, &bad.concat());
        assert_eq!(refusal(&bad, Algorithm::ES256), TokenError::SignatureInvalid);
    }
}

#[test]
fn ecdsa_signatures_in_der_do_not_verify() {
    let token = signed(Algorithm::ES256);
    let good = signature_of(&token);
    let integer = |number: &[u8]| [&[2, 33, 0][..], number].concat();
    let body = [integer(&good[..32]), integer(&good[32..])].concat();
    let der = [&[0x30, u8::try_from(body.len()).unwrap()][..], &body].concat();
    assert_eq!(refusal(&with_signature(&token, &der), Algorithm::ES256), TokenError::SignatureInvalid);
}

#[test]
fn shortened_and_lengthened_signatures_do_not_verify() {
    for algorithm in Algorithm::ALL {
        let token = signed(algorithm);
        let good = signature_of(&token);
        let bad = [
            good[..good.len() - 1].to_vec(),
            good[1..].to_vec(),
            good[..good.len() / 2].to_vec(),
            [&good[..], &[0]].concat(),
            [&[0], &good[..]].concat(),
            [&good[..], &good[..]].concat(),
        ];
        for bad in bad {
            assert_eq!(refusal(&with_signature(&token, &bad), algorithm), TokenError::SignatureInvalid);
        }
    }
}

#[test]
fn a_key_is_used_with_its_own_algorithm_and_no_other() {
    for of_key in Algorithm::ALL {
        for of_token in Algorithm::ALL.into_iter().filter(|&of_token| of_token != of_key) {
            // Signed in truth by the same key pair where it suits both, and naming that key.
            let token = signed(of_token);
            let kid = key_name(of_token);
            let named = with(
                crate::token::fixture::jwk(key_name(of_key)),
                json!({ "kid": kid, "alg": of_key.name() }),
            );
            let refused = verify_with(&token, &key_set(&[named]), &config(json!({}))).unwrap_err();
            assert_eq!(refused, TokenError::AlgorithmUnsupported, "{of_key:?} {of_token:?}");
        }
    }
}

#[test]
fn another_key_of_the_same_kind_does_not_verify() {
    let token = signed(Algorithm::RS256);
    let other = with(crate::token::fixture::jwk("rsa-other"), json!({ "kid": "rsa", "alg": "RS256" }));
    let refused = verify_with(&token, &key_set(&[other]), &config(json!({}))).unwrap_err();
    assert_eq!(refused, TokenError::SignatureInvalid);
}

#[test]
fn short_rsa_keys_and_points_off_the_curve_are_no_keys() {
    assert!(VerifyingKey::rsa(Algorithm::RS256, &[0xff; 255], &[1, 0, 1]).is_none());
    assert!(VerifyingKey::rsa(Algorithm::RS256, &[0; 256], &[1, 0, 1]).is_none());
    assert!(VerifyingKey::rsa(Algorithm::RS256, &[], &[]).is_none());
    // 256 bytes of which the first bit is not set are 2047 bits.
    assert!(VerifyingKey::rsa(Algorithm::RS256, &[0x7f; 256], &[1, 0, 1]).is_none());
    assert!(VerifyingKey::rsa(Algorithm::ES256, &[0xff; 256], &[1, 0, 1]).is_none());
    assert!(VerifyingKey::ec(Algorithm::ES256, &[1; 32], &[1; 32]).is_none());
    assert!(VerifyingKey::ec(Algorithm::ES256, &[0; 32], &[0; 32]).is_none());
    assert!(VerifyingKey::ec(Algorithm::ES384, &[1; 32], &[1; 32]).is_none());
    assert!(VerifyingKey::ec(Algorithm::RS256, &[1; 32], &[1; 32]).is_none());
    assert!(VerifyingKey::ed25519(&[1; 31]).is_none());
    assert!(VerifyingKey::ed25519(&[]).is_none());
}

/// The second opinion: jsonwebtoken says yes and no to the same tokens.
#[test]
fn jsonwebtoken_agrees() {
    for algorithm in COMMON {
        let jwk: jsonwebtoken::jwk::Jwk =
            serde_json::from_value(with(crate::token::fixture::jwk(key_name(algorithm)), json!({}))).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let mut validation = jsonwebtoken::Validation::new(theirs(algorithm));
        validation.validate_exp = false;
        validation.set_audience(&["gateway"]);
        validation.set_issuer(&[crate::token::fixture::ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);

        let good = signed(algorithm);
        let signature = signature_of(&good);
        let mut flipped = signature.clone();
        flipped[10] ^= 1;
        let theirs_to_make = jsonwebtoken::encode(
            &jsonwebtoken::Header {
                kid: Some(key_name(algorithm).to_owned()),
                ..jsonwebtoken::Header::new(theirs(algorithm))
            },
            &claims(),
            &encoding_key(algorithm),
        )
        .unwrap();
        let resigned =
            |changes| sign(algorithm, &header(algorithm).to_string(), &with(claims(), changes).to_string());
        let cases = [
            good.clone(),
            theirs_to_make,
            with_signature(&good, &flipped),
            with_signature(&good, &signature[1..]),
            with_signature(&good, &[]),
            format!("{good}="),
            format!("{good}A"),
            good.replacen('.', "..", 1),
            resigned(json!({ "aud": "other" })),
            resigned(json!({ "aud": null })),
            resigned(json!({ "aud": ["other", "gateway"] })),
            resigned(json!({ "iss": "https://evil.example.com" })),
            resigned(json!({ "iss": null })),
            resigned(json!({ "exp": null })),
            resigned(json!({ "exp": NOW + 1000 })),
        ];
        let keys = keys_for(algorithm);
        let mut accepted = 0;
        for (index, token) in cases.iter().enumerate() {
            let ours = verify_with(token, &keys, &config(json!({}))).is_ok();
            let theirs = jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation).is_ok();
            assert_eq!(ours, theirs, "{algorithm:?} case {index}");
            accepted += usize::from(ours);
        }
        assert_eq!(accepted, 4, "{algorithm:?}");
    }
}

mod mutations {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_token_with_one_byte_changed_never_verifies(
            which in 0..3_usize, place in any::<prop::sample::Index>(), byte in 0x20..0x7f_u8,
        ) {
            let algorithm = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA][which];
            let good = signed(algorithm);
            let mut bytes = good.clone().into_bytes();
            let place = place.index(bytes.len());
            prop_assume!(bytes[place] != byte);
            bytes[place] = byte;
            let changed = String::from_utf8(bytes).unwrap();
            let refused = verify_with(&changed, &keys_for(algorithm), &config(json!({}))).is_err();
            prop_assert!(refused);
        }

        #[test]
        fn any_text_is_refused_and_never_panics(text in "\\PC{0,200}|[A-Za-z0-9_.-]{0,300}") {
            let refused = verify_with(&text, &keys_for(Algorithm::RS256), &config(json!({}))).is_err();
            prop_assert!(refused);
        }

        #[test]
        fn any_claims_are_judged_without_a_panic(exp in any::<f64>(), nbf in any::<i64>(), iat in any::<u64>()) {
            let payload = json!({ "iss": "a", "exp": exp, "nbf": nbf, "iat": iat }).to_string();
            let _ = crate::token::claims::Claims::parse(payload.into_bytes());
        }
    }
}

/// One element of DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length = if high > 0 { vec![0x82, high, low] } else { vec![low] };
    [&[tag], &length[..], content].concat()
}

/// With such a key every padded digest is its own signature.
#[test]
fn a_public_key_of_a_file_has_an_exponent_of_more_than_one() {
    let modulus = vec![0xc5; 256];
    let key = |exponent: &[u8]| {
        let numbers = [der(2, &[&[0], &modulus[..]].concat()), der(2, exponent)].concat();
        // rsaEncryption, without parameters.
        let kind = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        let numbers = der(3, &[&[0], &der(0x30, &numbers)[..]].concat());
        VerifyingKey::spki(Algorithm::RS256, &der(0x30, &[&kind[..], &numbers].concat()))
    };
    assert!(key(&[1, 0, 1]).is_some());
    assert!(key(&[3]).is_some());
    for exponent in [&[1][..], &[2], &[0]] {
        assert!(key(exponent).is_none(), "{exponent:?}");
    }
}

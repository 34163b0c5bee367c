//! Keys and tokens for the tests of this room.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

use super::jwk::KeySet;
use super::verify::Rules;
use super::{TokenError, UnverifiedToken, VerifiedToken};
use crate::config::{Algorithm, ProviderConfig};

/// The time at which the tests take place.
pub(super) const NOW: i64 = 1_800_000_000;

pub(super) const ISSUER: &str = "https://sso.example.com/realms/shop";

/// The algorithms that jsonwebtoken has too.
pub(super) const COMMON: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/jose")
}

pub(super) fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// The name of the key pair that the tests use with an algorithm; also its `kid`.
pub(super) fn key_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES256 => "p256",
        Algorithm::ES384 => "p384",
        Algorithm::ES512 => "p521",
        Algorithm::EdDSA => "ed25519",
        _ => "rsa",
    }
}

pub(super) fn theirs(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    algorithm.name().parse().unwrap()
}

pub(super) fn encoding_key(algorithm: Algorithm) -> EncodingKey {
    let pem = file(&format!("{}.pem", key_name(algorithm)));
    match algorithm {
        Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 => EncodingKey::from_ec_pem(&pem),
        Algorithm::EdDSA => EncodingKey::from_ed_pem(&pem),
        _ => EncodingKey::from_rsa_pem(&pem),
    }
    .unwrap()
}

/// The public key of this name as a JWK.
pub(super) fn jwk(name: &str) -> Value {
    let keys: Value = serde_json::from_slice(&file("jwk.json")).unwrap();
    keys[name].clone()
}

pub(super) fn jwk_with(name: &str, members: Value) -> Value {
    with(jwk(name), members)
}

/// The object with some members changed; `null` takes one away.
pub(super) fn with(mut object: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(name);
        } else {
            object[name] = value.clone();
        }
    }
    object
}

pub(super) fn set_json(keys: &[Value]) -> Vec<u8> {
    serde_json::to_vec(&json!({ "keys": keys })).unwrap()
}

pub(super) fn key_set(keys: &[Value]) -> KeySet {
    KeySet::from_json(&set_json(keys)).unwrap()
}

/// A set with the test key of this algorithm.
pub(super) fn keys_for(algorithm: Algorithm) -> KeySet {
    key_set(&[jwk_with(key_name(algorithm), json!({ "alg": algorithm.name() }))])
}

pub(super) fn encode(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// A JWS of exactly these bytes.
pub(super) fn sign(algorithm: Algorithm, header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature =
        jsonwebtoken::crypto::sign(signed.as_bytes(), &encoding_key(algorithm), theirs(algorithm)).unwrap();
    format!("{signed}.{signature}")
}

pub(super) fn header(algorithm: Algorithm) -> Value {
    json!({ "alg": algorithm.name(), "typ": "JWT", "kid": key_name(algorithm) })
}

/// The claims of an access token as Keycloak makes it.
pub(super) fn claims() -> Value {
    json!({
        "exp": NOW + 300, "iat": NOW, "jti": "onrtro:4f0c5d4a-2d3b-5c5e-1a7e-0b1c2d3e4f5a", "iss": ISSUER,
        "aud": ["gateway", "account"], "sub": "6d1f9b2e-4d53-4f7a-9c55-0a0b0c0d0e0f", "typ": "Bearer",
        "azp": "web", "sid": "1f3f6a0a-3b0c-4c41-8a57-2f4e5d6c7b8a", "acr": "1",
        "allowed-origins": ["https://shop.example.com"],
        "realm_access": { "roles": ["manager", "offline_access"] },
        "resource_access": { "gateway": { "roles": ["orders-read"] }, "account": { "roles": ["view-profile"] } },
        "scope": "openid email profile", "email_verified": true, "name": "Alice Liddell",
        "preferred_username": "alice", "email": "alice@example.com", "groups": ["/staff", "/staff/night"],
    })
}

/// A good RS256 token with some claims changed; `null` takes one away.
pub(super) fn token(changes: Value) -> String {
    let header = header(Algorithm::RS256).to_string();
    sign(Algorithm::RS256, &header, &with(claims(), changes).to_string())
}

pub(super) fn config(changes: Value) -> ProviderConfig {
    serde_json::from_value(with(json!({ "issuer": ISSUER, "client_id": "gateway" }), changes)).unwrap()
}

/// What a provider with this configuration says to a token, at [`NOW`].
pub(super) fn verify_with(
    token: &str,
    keys: &KeySet,
    config: &ProviderConfig,
) -> Result<VerifiedToken, TokenError> {
    let unverified = UnverifiedToken::parse(token, 1 << 20)?;
    let jws = unverified.jws().ok_or(TokenError::TokenMalformed("opaque"))?;
    Rules::new(config).verify(&Arc::from("shop"), jws, Some(keys), NOW)
}

pub(super) fn verify(token: &str) -> Result<VerifiedToken, TokenError> {
    verify_with(token, &keys_for(Algorithm::RS256), &config(json!({})))
}

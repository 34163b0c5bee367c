use super::*;
use crate::config::Algorithm;

fn part(token: &str, index: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()
}

#[test]
fn a_bad_signature_differs_and_does_not_verify() {
    let key = SigningKey::shared(Algorithm::ES256);
    let token = Mint::new("i").bad_signature(&key);
    let (input, _) = token.rsplit_once('.').unwrap();
    assert!(!key.verifies(input.as_bytes(), &part(&token, 2)));
}

#[test]
fn a_tampered_token_has_the_new_claim_and_no_good_signature() {
    let key = SigningKey::shared(Algorithm::ES256);
    let token = Mint::new("i").tampered(&key, "azp", "evil");
    let claims: Value = serde_json::from_slice(&part(&token, 1)).unwrap();
    assert_eq!(claims["azp"], "evil");
    let (input, _) = token.rsplit_once('.').unwrap();
    assert!(!key.verifies(input.as_bytes(), &part(&token, 2)));
}

#[test]
fn alg_none_has_an_empty_signature() {
    let token = Mint::new("i").alg_none();
    let header: Value = serde_json::from_slice(&part(&token, 0)).unwrap();
    assert_eq!(header["alg"], "none");
    assert!(token.ends_with('.'));
}

#[test]
fn raw_parts_are_taken_as_they_are() {
    let token = Mint::new("i").raw_header("{").raw_payload("x").sign(&SigningKey::shared(Algorithm::ES256));
    assert_eq!(part(&token, 0), b"{");
    assert_eq!(part(&token, 1), b"x");
}

#[test]
fn null_leaves_a_header_parameter_out() {
    let token = Mint::new("i").header("kid", Value::Null).sign(&SigningKey::shared(Algorithm::ES256));
    let header: Value = serde_json::from_slice(&part(&token, 0)).unwrap();
    assert!(header.get("kid").is_none());
}

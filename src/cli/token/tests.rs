use super::*;
use crate::config::Algorithm;
use crate::testing::{Mint, SigningKey};

#[test]
fn checks_before_the_failed_one_are_ticked_and_those_after_it_are_open() {
    let marks = marks(Some(&TokenError::TokenExpired(5)));
    assert!(marks.contains("\u{2713} signature"), "{marks}");
    assert!(marks.contains("\u{2717} times"), "{marks}");
    assert!(marks.contains("- audience"), "{marks}");
}

#[test]
fn a_good_token_has_every_check_ticked() {
    assert!(marks(None).lines().all(|line| line.starts_with('\u{2713}')));
}

#[test]
fn a_failure_outside_of_the_list_ticks_nothing() {
    assert!(marks(Some(&TokenError::TokenInactive)).lines().all(|line| line.starts_with('-')));
}

#[test]
fn the_signature_is_never_shown() {
    let token = Mint::new("http://issuer").sign(&SigningKey::shared(Algorithm::ES256));
    let shown = claims(&token).unwrap().to_string();
    assert!(shown.contains("\"iss\":\"http://issuer\""));
    assert!(!shown.contains(token.rsplit('.').next().unwrap()));
}

#[test]
fn an_opaque_token_has_no_claims_to_show() {
    assert!(claims("opaque").is_none());
}

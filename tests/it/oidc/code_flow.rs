//! The authorization code flow, through the login page.

use gatecloak::connection::ErrorClass;
use gatecloak::oidc::{AuthorizationUrl, ChallengeMethod, Pkce, TokenRequest};
use gatecloak::token::{Check, DecodeKeys, DecodeRules};

use super::{Browser, REDIRECT, Scene, class, text};

/// Covers `KeycloakOpenID.auth_url`, `KeycloakOpenID.token`, `KeycloakOpenID.generate_code_verifier`, `KeycloakOpenID.generate_code_challenge`.
#[test]
fn a_code_with_pkce_becomes_tokens_and_nothing_else_does() {
    let Some(scene) = Scene::new() else { return };
    let s256 = Pkce::generate().expect("a verifier");
    let plain = Pkce::of(Pkce::generate_with(43).expect("a verifier").verifier(), ChallengeMethod::Plain);
    for pkce in [s256, plain] {
        let wanted = AuthorizationUrl::new(REDIRECT).state("a&b=ü #").nonce("n&1").pkce(&pkce);
        let url = scene.run(scene.public.authorization_url(&wanted)).expect("a URL");
        let mut browser = Browser::new();
        let back = browser.login(&url, "alice", "alice");
        assert_eq!(back.parameter("state"), "a&b=ü #");
        let code = TokenRequest::authorization_code(&back.parameter("code"), REDIRECT);
        // The code without its verifier is spent for nothing.
        assert_eq!(class(scene.run(scene.public.token(code))), (ErrorClass::Authentication, Some(400)));
        let again = browser.open(&url);
        let code = TokenRequest::authorization_code(&again.parameter("code"), REDIRECT);
        let tokens = scene.run(scene.public.token(code.code_verifier(pkce.verifier()))).expect("tokens");
        let keys = DecodeKeys::from_jwks(&scene.run(scene.public.certs()).expect("keys")).expect("keys");
        let rules =
            DecodeRules { access_token: Some(text(&tokens, "access_token")), ..DecodeRules::new("public") };
        let identity = rules.decode(&text(&tokens, "id_token"), &keys).expect("the claims");
        assert_eq!(text(&identity, "nonce"), "n&1");
        assert!(identity["at_hash"].is_string() && identity["email"] == "alice@example.org");
        let other = DecodeRules { access_token: Some("another".into()), ..rules.clone() };
        assert_eq!(other.decode(&text(&tokens, "id_token"), &keys).expect_err("another").reason(), "claims");
        let without = DecodeRules { without: vec![Check::AccessTokenHash], ..other };
        assert!(without.decode(&text(&tokens, "id_token"), &keys).is_ok());
    }
}

/// Covers `KeycloakOpenID.token`.
#[test]
fn a_code_is_good_once_and_for_its_own_address() {
    let Some(scene) = Scene::new() else { return };
    let url = scene.run(scene.shop.authorization_url(&AuthorizationUrl::new(REDIRECT))).expect("a URL");
    let mut browser = Browser::new();
    let code = browser.login(&url, "bob", "bob").parameter("code");
    let ask = |code: &str, at: &str| scene.run(scene.shop.token(TokenRequest::authorization_code(code, at)));
    assert!(ask(&code, REDIRECT).is_ok());
    assert_eq!(class(ask(&code, REDIRECT)).0, ErrorClass::Authentication);
    let code = browser.open(&url).parameter("code");
    assert_eq!(class(ask(&code, "http://localhost:1/other")).0, ErrorClass::Authentication);
}

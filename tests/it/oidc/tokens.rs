//! The grants of the token endpoint.

use std::time::{SystemTime, UNIX_EPOCH};

use gatecloak::connection::{ClientProof, ErrorClass};
use gatecloak::oidc::TokenRequest;
use serde_json::{Value, json};

use super::{Scene, class, text};

/// Covers `KeycloakOpenID.token`, `KeycloakOpenID.refresh_token`.
#[test]
fn passwords_accounts_and_refresh_tokens_become_tokens() {
    let Some(scene) = Scene::new() else { return };
    let tokens = scene.tokens(&scene.shop, "alice");
    assert!(tokens["id_token"].is_string());
    let plain = scene.run(scene.public.token(TokenRequest::password("bob", "bob"))).expect("tokens");
    assert!(plain["id_token"].is_null());
    let own = scene.run(scene.shop.token(TokenRequest::client_credentials())).expect("a token");
    assert!(own["access_token"].is_string() && own["refresh_token"].is_null());
    let refresh = TokenRequest::refresh(&text(&tokens, "refresh_token"));
    let renewed = scene.run(scene.shop.token(refresh)).expect("tokens");
    assert_ne!(text(&renewed, "access_token"), text(&tokens, "access_token"));
    let any =
        TokenRequest::grant("password").with("username", "bob").with("password", "bob").scope("openid email");
    let answer = scene.run(scene.public.token(any)).expect("tokens");
    assert!(text(&answer, "scope").contains("email"));
}

/// Covers `KeycloakOpenID.token`, `KeycloakOpenID.refresh_token`.
#[test]
fn every_refusal_of_the_token_endpoint_has_its_class() {
    let Some(scene) = Scene::new() else { return };
    let wrong = scene.client("shop", ClientProof::SecretPost("wrong".into()));
    let ask = |client, request| class(scene.run(gatecloak::oidc::RealmClient::token(client, request)));
    let password = || TokenRequest::password("alice", "alice");
    assert_eq!(ask(&wrong, password()), (ErrorClass::Authentication, Some(401)));
    let refused = ask(&scene.shop, TokenRequest::password("alice", "wrong"));
    assert_eq!(refused.0, ErrorClass::Authentication);
    assert_eq!(ask(&scene.shop, TokenRequest::refresh("nonsense")).0, ErrorClass::Authentication);
    assert_eq!(ask(&scene.shop, password().scope("no-such-scope")), (ErrorClass::Post, Some(400)));
    assert_eq!(ask(&scene.shop, TokenRequest::grant("nonsense")), (ErrorClass::Post, Some(400)));
    let error = scene.run(wrong.token(password())).expect_err("a wrong secret");
    assert!(!format!("{error} {error:?} {wrong:?} {:?}", password()).contains("wrong"));
}

/// Covers `KeycloakOpenID.token`.
#[test]
fn a_second_factor_is_asked_for_and_taken() {
    const SECRET: &str = "a secret of twenty b";
    let otp = json!({
        "type": "otp", "userLabel": "phone", "secretData": json!({"value": SECRET}).to_string(),
        "credentialData": json!({"subType": "totp", "digits": 6, "period": 30, "algorithm": "HmacSHA1"}).to_string(),
    });
    let carol = json!({
        "username": "carol", "enabled": true, "email": "carol@example.org", "firstName": "C", "lastName": "E",
        "credentials": [{"type": "password", "value": "carol", "temporary": false}, otp],
    });
    let Some(scene) = Scene::with(json!({"users": [carol]})) else { return };
    let password = || TokenRequest::password("carol", "carol");
    assert_eq!(class(scene.run(scene.shop.token(password()))).0, ErrorClass::Authentication);
    assert!(scene.run(scene.shop.token(password().totp(&code(SECRET)))).is_ok());
}

/// Covers `KeycloakOpenID.exchange_token`.
#[test]
fn a_token_is_exchanged_for_one_with_another_audience() {
    let Some(scene) = Scene::new() else { return };
    let token = scene.token("alice");
    let answer = scene.run(scene.shop.token(TokenRequest::exchange(&token)));
    if scene.is_before([26, 2, 0]) {
        assert_eq!(class(answer), (ErrorClass::Post, Some(400)), "there is no standard exchange yet");
        return;
    }
    let answer = answer.expect("a token");
    assert_eq!(text(&answer, "issued_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    let claims = scene.run(scene.shop.introspect(&text(&answer, "access_token"), None)).expect("an answer");
    assert_eq!((&claims["azp"], &claims["preferred_username"]), (&json!("shop"), &json!("alice")));
    // Keycloak has no impersonation any more.
    let impersonating = TokenRequest::exchange(&token).with("requested_subject", "bob");
    assert_eq!(class(scene.run(scene.shop.token(impersonating))), (ErrorClass::Post, Some(400)));
    let unknown = TokenRequest::exchange(&token).with("audience", "nobody");
    assert_eq!(class(scene.run(scene.shop.token(unknown))), (ErrorClass::Post, Some(400)));
    let refused = class(scene.run(scene.public.token(TokenRequest::exchange(&token))));
    assert_eq!(refused.0, ErrorClass::Post, "a public client may not");
}

/// The code of the moment (RFC 6238).
fn code(secret: &str) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at] & 127, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// Covers `KeycloakOpenID.token`.
#[test]
fn an_rpt_is_a_grant_like_any_other() {
    let Some(scene) = Scene::new() else { return };
    let request = TokenRequest::grant("urn:ietf:params:oauth:grant-type:uma-ticket")
        .with("subject_token", &scene.token("alice"))
        .with("audience", "shop")
        .with("permission", "Doc#read")
        .with("permission", "Bare");
    let answer = scene.run(scene.shop.token(request)).expect("an RPT");
    let claims = scene.run(scene.shop.introspect_rpt(answer["access_token"].as_str())).expect("an answer");
    let permissions = claims["permissions"].as_array().expect("a list");
    let mut names: Vec<&str> = permissions.iter().filter_map(|entry| entry["rsname"].as_str()).collect();
    names.sort_unstable();
    assert_eq!((&claims["active"], names), (&Value::Bool(true), vec!["Bare", "Doc"]));
}

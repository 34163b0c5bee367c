//! Who is logged in, and the end of it.

use gatecloak::connection::{ClientProof, ErrorClass};
use gatecloak::oidc::TokenRequest;
use serde_json::{Value, json};

use super::{Scene, class, text};
use crate::keycloak::keycloak;

/// Covers `KeycloakOpenID.userinfo`.
#[test]
fn userinfo_is_an_object_or_a_signed_text() {
    let Some(scene) = Scene::new() else { return };
    let info = scene.run(scene.public.userinfo(&scene.token("alice"))).expect("an object");
    assert_eq!(info["preferred_username"], "alice");
    keycloak().expect("a server").admin.post(
        &format!("/{}/clients", scene.name),
        &json!({
            "clientId": "signing", "publicClient": true, "directAccessGrantsEnabled": true,
            "attributes": {"user.info.response.signature.alg": "RS256"},
        }),
    );
    let signing = scene.client("signing", ClientProof::Public);
    let token = text(&scene.tokens(&signing, "alice"), "access_token");
    let info = scene.run(signing.userinfo(&token)).expect("a text");
    assert!(matches!(&info, Value::String(text) if text.split('.').count() == 3), "{info}");
}

/// Covers `KeycloakOpenID.userinfo`.
#[test]
fn userinfo_says_why_not() {
    let Some(scene) = Scene::new() else { return };
    let refused = scene.run(scene.public.userinfo("nonsense")).expect_err("a refusal");
    assert_eq!((refused.class(), refused.status()), (ErrorClass::Authentication, Some(401)));
    assert!(refused.message().contains("invalid_token"), "{refused}");
    let without = scene.run(scene.public.token(TokenRequest::password("alice", "alice"))).expect("tokens");
    let refused = class(scene.run(scene.public.userinfo(&text(&without, "access_token"))));
    assert_eq!(refused, (ErrorClass::Get, Some(403)));
}

/// Covers `KeycloakOpenID.logout`, `KeycloakOpenID.refresh_token`, `KeycloakOpenID.introspect`.
#[test]
fn logging_out_ends_the_session() {
    let Some(scene) = Scene::new() else { return };
    let tokens = scene.tokens(&scene.shop, "alice");
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(scene.run(scene.shop.introspect(&access, None)).expect("an answer")["active"], true);
    scene.run(scene.shop.logout(&refresh)).expect("the end");
    assert_eq!(scene.run(scene.shop.introspect(&access, None)).expect("an answer")["active"], false);
    let refused = class(scene.run(scene.shop.token(TokenRequest::refresh(&refresh))));
    assert_eq!(refused.0, ErrorClass::Authentication);
    let error = scene.run(scene.shop.logout("nonsense")).expect_err("a refusal");
    assert_eq!(error.status(), Some(400));
}

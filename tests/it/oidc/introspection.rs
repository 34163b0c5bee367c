//! Introspection.

use gatecloak::connection::{ClientProof, ErrorClass};
use gatecloak::oidc::TokenRequest;

use super::{Scene, class, text};

/// Covers `KeycloakOpenID.introspect`.
#[test]
fn a_token_is_active_for_those_who_are_in_its_audience() {
    let Some(scene) = Scene::new() else { return };
    let active = |token: &str, hint| {
        scene.run(scene.shop.introspect(token, hint)).expect("an answer")["active"] == true
    };
    let tokens = scene.tokens(&scene.public, "alice");
    let claims = scene.run(scene.shop.introspect(&text(&tokens, "access_token"), None)).expect("an answer");
    assert_eq!((&claims["active"], &claims["username"]), (&true.into(), &"alice".into()));
    let refresh = text(&scene.tokens(&scene.shop, "alice"), "refresh_token");
    // An older server knows a refresh token without the hint, and does not look at the audience.
    let older = scene.is_before([26, 7, 0]);
    assert_eq!(active(&refresh, None), older);
    assert!(active(&refresh, Some("refresh_token")));
    assert!(!active("nonsense", None));
    // Bob has no role of the shop and this client no mapper: the shop is not in the audience.
    crate::keycloak::keycloak().expect("a server").admin.post(
        &format!("/{}/clients", scene.name),
        &serde_json::json!({"clientId": "bare", "publicClient": true, "directAccessGrantsEnabled": true}),
    );
    let bare = scene.client("bare", ClientProof::Public);
    assert_eq!(active(&text(&scene.tokens(&bare, "bob"), "access_token"), None), older);
}

/// Covers `KeycloakOpenID.introspect`.
#[test]
fn an_rpt_shows_its_permissions_and_must_be_given() {
    let Some(scene) = Scene::new() else { return };
    let ask = TokenRequest::grant("urn:ietf:params:oauth:grant-type:uma-ticket")
        .with("subject_token", &scene.token("alice"))
        .with("audience", "shop");
    let rpt = text(&scene.run(scene.shop.token(ask)).expect("an RPT"), "access_token");
    let claims = scene.run(scene.shop.introspect_rpt(Some(&rpt))).expect("an answer");
    assert_eq!(claims["permissions"].as_array().map(Vec::len), Some(2), "{claims}");
    for missing in [None, Some("")] {
        assert_eq!(class(scene.run(scene.shop.introspect_rpt(missing))), (ErrorClass::RptNotFound, None));
    }
}

/// Covers `KeycloakOpenID.introspect`.
#[test]
fn a_client_that_does_not_prove_itself_is_refused() {
    let Some(scene) = Scene::new() else { return };
    let token = scene.token("alice");
    let wrong = scene.client("shop", ClientProof::SecretPost("wrong".into()));
    assert_eq!(class(scene.run(wrong.introspect(&token, None))), (ErrorClass::Authentication, Some(401)));
    assert_eq!(class(scene.run(scene.public.introspect(&token, None))), (ErrorClass::Post, Some(403)));
    let refused = class(scene.run(scene.shop.introspect(&token, Some("nonsense"))));
    assert_eq!(refused, (ErrorClass::Post, Some(400)));
}

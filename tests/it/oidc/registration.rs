//! Dynamic registration.

use gatecloak::connection::ErrorClass;
use gatecloak::oidc::TokenRequest;
use serde_json::{Value, json};

use super::{Scene, class, text};

/// Covers `KeycloakOpenID.register_client`, `KeycloakOpenID.update_client`.
#[test]
fn a_client_registers_changes_and_removes_itself() {
    let Some(scene) = Scene::new() else { return };
    let initial = initial_access_token(&scene);
    let id = "self/made ü;%";
    let payload = json!({
        "clientId": id, "protocol": "openid-connect", "serviceAccountsEnabled": true, "redirectUris": ["http://localhost:1/a"],
    });
    let made = scene.run(scene.shop.register_client(Some(&initial), &payload)).expect("a client");
    // Keycloak alone would have made a public one.
    assert_eq!((&made["publicClient"], text(&made, "clientId").as_str()), (&json!(false), id));
    let client =
        scene.client(id, gatecloak::connection::ClientProof::SecretPost(text(&made, "secret").into()));
    assert!(scene.run(client.token(TokenRequest::client_credentials())).is_ok());
    let token = text(&made, "registrationAccessToken");
    let change = json!({"name": "Shop", "redirectUris": ["http://localhost:1/b"]});
    let changed = scene.run(scene.shop.update_registered_client(&token, id, &change)).expect("a client");
    assert_eq!(
        (&changed["name"], &changed["redirectUris"]),
        (&json!("Shop"), &json!(["http://localhost:1/b"]))
    );
    let token = text(&changed, "registrationAccessToken");
    let read = scene.run(scene.shop.registered_client(&token, id)).expect("a client");
    assert_eq!(read["name"], "Shop");
    let token = read["registrationAccessToken"].as_str().unwrap_or(&token).to_owned();
    let wrong = json!({"redirectUris": ["javascript:alert(1)"]});
    let refused = class(scene.run(scene.shop.update_registered_client(&token, id, &wrong)));
    assert_eq!(refused, (ErrorClass::Put, Some(400)));
    scene.run(scene.shop.delete_registered_client(&token, id)).expect("gone");
    let gone = class(scene.run(scene.shop.registered_client(&token, id)));
    assert_eq!(gone.0, ErrorClass::Authentication);
    assert_eq!(
        class(scene.run(scene.shop.delete_registered_client(&token, id))).0,
        ErrorClass::Authentication
    );
}

/// Covers `KeycloakOpenID.register_client`, `KeycloakOpenID.update_client`.
#[test]
fn who_may_not_register_is_refused() {
    let Some(scene) = Scene::new() else { return };
    let payload = json!({"clientId": "x", "redirectUris": ["http://localhost:1/a"]});
    assert_eq!(class(scene.run(scene.shop.register_client(None, &payload))), (ErrorClass::Post, Some(403)));
    let refused = class(scene.run(scene.shop.register_client(Some("nonsense"), &payload)));
    assert_eq!(refused.0, ErrorClass::Authentication);
    let refused = class(scene.run(scene.shop.update_registered_client("nonsense", "shop", &json!({}))));
    assert_eq!(refused.0, ErrorClass::Authentication);
}

fn initial_access_token(scene: &Scene) -> String {
    use gatecloak::connection::{Body, Method, Request};
    let path = format!("admin/realms/{}/clients-initial-access", scene.name);
    let request = Request::new(Method::Post, path).body(Body::Json(json!({"count": 5, "expiration": 600})));
    let answer: Value = scene.run(scene.admin.session().send(&request)).expect("an answer").value();
    text(&answer, "token")
}

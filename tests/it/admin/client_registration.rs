//! Client Initial Access.

use gatecloak::connection::{Body, Method, Request};
use serde_json::json;

use super::Scene;

/// Covers `create_initial_access_token`.
#[test]
fn a_program_registers_a_client_with_an_initial_access_token() {
    let Some(scene) = Scene::new() else { return };
    let registration = scene.realm.client_registration();
    let made = scene.run(registration.create(2, 600)).expect("a token");
    let token = made["token"].as_str().expect("the token");
    let path = format!("realms/{}/clients-registrations/openid-connect", scene.name);
    let request = Request::new(Method::Post, path)
        .header("authorization", &format!("Bearer {token}"))
        .body(Body::Json(json!({"client_name": "program", "redirect_uris": ["https://program.example/"]})));
    let answer = scene.run(scene.admin.session().connection().send(&request)).expect("an answer");
    assert_eq!(answer.status, 201, "{}", answer.value());

    let tokens = scene.run(registration.list()).expect("tokens");
    let kept = (&tokens[0]["id"], &tokens[0]["count"], &tokens[0]["remainingCount"], tokens[0].get("token"));
    assert_eq!(kept, (&made["id"], &json!(2), &json!(1), None));
    scene.run(registration.delete(made["id"].as_str().expect("an id"))).expect("it goes");
    assert_eq!(scene.run(registration.list()).expect("no tokens"), json!([]));
}

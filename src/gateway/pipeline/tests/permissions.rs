//! Authorize, by Keycloak's permissions.

use super::*;

const ORDERS: &str = "[routes.orders]\npath = \"/orders/*\"\n\
                      require = { permission = { resource = \"Orders\", scopes = [\"edit\"] } }\n";

fn as_user(scene: &Scene, user: &str) -> RawResponse {
    let token = format!("Bearer {}", scene.idp.token("web", user).unwrap());
    scene.get("/orders/1", &[("Authorization", &token)])
}

#[test]
fn a_permission_is_asked_for_once_and_remembered() {
    let scene = Scene::with(ORDERS);
    let token = format!("Bearer {}", scene.idp.token("web", "alice").unwrap());
    for _ in 0..3 {
        let response = scene.get("/orders/1", &[("Authorization", &token)]);
        assert_eq!(response.status, 200, "{}", response.text());
    }
    assert_eq!(scene.idp.calls(Endpoint::Uma), 1);
}

#[test]
fn a_permission_that_keycloak_does_not_grant_is_403() {
    let scene = Scene::with(ORDERS);
    let response = as_user(&scene, "bob");
    assert_eq!((response.status, code(&response).as_str()), (403, "permission_denied"));
    assert_eq!(scene.upstream.requests(), 0);
}

#[test]
fn a_route_that_gives_tickets_answers_with_one() {
    let scene = Scene::with(&format!("{ORDERS}ticket = true\n"));
    let response = as_user(&scene, "bob");
    assert_eq!(response.status, 401);
    let challenge = response.header("www-authenticate").unwrap();
    let begin = format!("UMA realm=\"demo\", as_uri=\"{}\", ticket=\"", scene.idp.issuer());
    assert!(challenge.starts_with(&begin), "{challenge}");
}

#[test]
fn a_ticket_that_cannot_be_had_is_403_with_a_warning() {
    let scene = Scene::with(&format!("{ORDERS}ticket = true\n"));
    scene.idp.answer_with(Endpoint::Permission, Fault::Status(500));
    let response = as_user(&scene, "bob");
    assert_eq!(response.status, 403);
    assert_eq!(response.header("warning"), Some("199 - \"UMA Authorization Server Unreachable\""));
}

#[test]
fn a_decision_that_cannot_be_had_is_503() {
    let scene = Scene::with(ORDERS);
    scene.idp.answer_with(Endpoint::Uma, Fault::Drop);
    let response = as_user(&scene, "alice");
    assert_eq!((response.status, code(&response).as_str()), (503, "decision_unavailable"));
    assert_eq!(scene.upstream.requests(), 0);
}

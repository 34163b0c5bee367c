//! Revocation, where a route asks the realm about every token.

use std::time::{Duration, Instant};

use super::admin::Realm;
use super::keycloak;
use super::scene::{ROUTES, Scene};

#[test]
fn a_revoked_session_is_seen_where_the_route_introspects() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "introspection.active_ttl = \"200ms\"", ROUTES);
    let token = scene.realm.access_token("alice");
    assert_eq!(scene.status("/fresh/x", Some(&token)), 200);
    let user = scene.realm.user("alice");
    scene.realm.admin().post(&scene.realm.path(&format!("/users/{user}/logout")), &serde_json::json!({}));
    let begin = Instant::now();
    while scene.status("/fresh/x", Some(&token)) != 401 {
        assert!(begin.elapsed() < Duration::from_secs(30), "the revoked session still passes");
        std::thread::sleep(Duration::from_millis(50));
    }
    // Where the route does not ask, the token is good until it expires: that is the stated bound.
    assert_eq!(scene.status("/anyone", Some(&token)), 200);
}

#[test]
fn an_inactive_answer_for_a_good_token_names_the_audience() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |realm| {
        let clients = realm["clients"].as_array_mut().expect("clients");
        clients.push(serde_json::json!({ "clientId": "stranger", "publicClient": true, "directAccessGrantsEnabled": true }));
    });
    let scene = Scene::start(realm, "token.any_audience = true", ROUTES);
    let tokens = scene.realm.tokens("alice", "stranger");
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(scene.status("/anyone", Some(token)), 200);
    assert_eq!(scene.refusal("/fresh/x", Some(token)).2, "token_inactive_or_audience");
}

#[test]
fn an_opaque_token_is_asked_about_and_refused() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    assert_eq!(scene.refusal("/anyone", Some("2YotnFZFEjr1zCsicMWpAA")).2, "token_inactive");
}

//! Every kind of token that a real Keycloak makes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::admin::Realm;
use super::keycloak;
use super::scene::{ROUTES, Scene};

#[test]
fn a_users_token_passes_by_its_roles_and_groups_and_no_further() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let (alice, carol) = (scene.realm.access_token("alice"), scene.realm.access_token("carol"));
    for path in ["/anyone", "/managers/x", "/readers/x", "/staff/x"] {
        assert_eq!(scene.status(path, Some(&alice)), 200, "{path}");
    }
    assert_eq!(scene.status("/anyone", Some(&carol)), 200);
    assert_eq!(scene.refusal("/managers/x", Some(&carol)).2, "role_missing");
    assert_eq!(scene.refusal("/staff/x", Some(&carol)).2, "group_missing");
    let (status, challenge, _) = scene.refusal("/anyone", None);
    assert_eq!(status, 401);
    assert!(challenge.starts_with("Bearer ") && !challenge.contains("error"), "{challenge}");
}

#[test]
fn the_upstream_learns_who_calls() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let alice = scene.realm.access_token("alice");
    let echo: Value = scene.get("/anyone", Some(&alice)).json().expect("JSON");
    let header = |name: &str| {
        let headers = echo["headers"].as_array().expect("headers");
        let found = headers.iter().find(|pair| pair[0].as_str() == Some(name));
        found.map(|pair| pair[1].as_str().expect("text").to_owned())
    };
    assert_eq!(header("x-auth-username").as_deref(), Some("alice"));
    assert_eq!(header("x-auth-subject"), Some(scene.realm.user("alice")));
    assert_eq!(header("x-auth-groups").as_deref(), Some("/staff"));
    assert!(header("x-auth-roles").expect("roles").split(',').any(|role| role == "manager"));
    assert_eq!(header("x-auth-client").as_deref(), Some("web"));
}

#[test]
fn a_service_accounts_token_passes() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let answer = scene.realm.token_answer(&[
        ("client_id", "batch"),
        ("client_secret", "batch-secret"),
        ("grant_type", "client_credentials"),
    ]);
    let token = answer["access_token"].as_str().expect("a token");
    assert_eq!(scene.status("/anyone", Some(token)), 200);
    assert_eq!(scene.status("/managers/x", Some(token)), 403);
}

#[test]
fn id_and_refresh_tokens_are_refused() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let tokens = scene.realm.tokens("alice", "web");
    for kind in ["id_token", "refresh_token"] {
        let token = tokens[kind].as_str().expect("a token");
        for path in ["/anyone", "/fresh/x"] {
            let (status, challenge, _) = scene.refusal(path, Some(token));
            assert_eq!(status, 401, "{kind} {path}");
            assert!(challenge.contains("invalid_token"), "{kind} {path}: {challenge}");
        }
    }
}

#[test]
fn a_lightweight_token_is_enriched_by_introspection() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let tokens = scene.realm.tokens("alice", "light");
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(scene.status("/anyone", Some(token)), 200);
    assert_eq!(scene.status("/managers/x", Some(token)), 200);
    assert_eq!(scene.status("/staff/x", Some(token)), 200);
    let tokens = scene.realm.tokens("bob", "light");
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(scene.status("/readers/x", Some(token)), 200);
    assert_eq!(scene.status("/managers/x", Some(token)), 403);
}

#[test]
fn an_expired_token_is_refused() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |realm| realm["accessTokenLifespan"] = json!(2));
    let scene = Scene::start(realm, "token.leeway = \"0s\"", ROUTES);
    let token = scene.realm.access_token("alice");
    assert_eq!(scene.status("/anyone", Some(&token)), 200);
    let begin = Instant::now();
    loop {
        let (status, challenge, code) = scene.refusal("/anyone", Some(&token));
        if status == 401 {
            assert_eq!(code, "token_expired");
            assert!(challenge.contains("invalid_token"), "{challenge}");
            return;
        }
        assert!(begin.elapsed() < Duration::from_secs(30), "still {status}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_token_of_another_realm_is_refused() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let other = Realm::create(server, |_| ());
    let token = other.access_token("alice");
    assert_eq!(scene.refusal("/anyone", Some(&token)).2, "issuer_unknown");
}

#[test]
fn a_token_that_is_not_for_the_gateway_is_refused() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |realm| {
        let audience = json!({
            "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": { "included.client.audience": "batch", "access.token.claim": "true" }
        });
        let clients = realm["clients"].as_array_mut().expect("clients");
        for (id, mappers) in [("elsewhere", vec![audience]), ("nowhere", vec![])] {
            clients.push(json!({
                "clientId": id, "publicClient": true, "directAccessGrantsEnabled": true, "protocolMappers": mappers
            }));
        }
    });
    let scene = Scene::start(realm, "", ROUTES);
    // Without any audience the realm is asked, since a lightweight token looks so too; it says no.
    for (client, code) in [("elsewhere", "audience_mismatch"), ("nowhere", "token_inactive_or_audience")] {
        let tokens = scene.realm.tokens("alice", client);
        let token = tokens["access_token"].as_str().expect("a token");
        assert_eq!(scene.refusal("/anyone", Some(token)).2, code, "{client}");
    }
}

#[test]
fn two_realms_in_one_gateway_keep_apart() {
    let Some(server) = keycloak() else { return };
    let other = Realm::create(server, |_| ());
    let second = format!(
        "[providers.other]\nissuer = \"{}\"\nclient_id = \"gateway\"\nclient_secret = \"file:secret\"\n{ROUTES}\n[routes.kc]\npath = \"/kc\"\nproviders = [\"kc\"]\n",
        other.issuer()
    );
    let scene = Scene::start(Realm::create(server, |_| ()), "", &second);
    let (ours, theirs) = (scene.realm.access_token("alice"), other.access_token("alice"));
    assert_eq!(scene.status("/anyone", Some(&ours)), 200);
    assert_eq!(scene.status("/anyone", Some(&theirs)), 200);
    assert_eq!(scene.status("/kc", Some(&ours)), 200);
    assert_eq!(scene.refusal("/kc", Some(&theirs)).2, "issuer_unknown");
}

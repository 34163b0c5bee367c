//! Keys change while the gateway serves.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::admin::Realm;
use super::keycloak;
use super::scene::{ROUTES, Scene};

/// The `kid` in a token's header.
fn kid(token: &str) -> String {
    use base64::Engine;
    let header = token.split('.').next().expect("a header");
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).expect("base64url");
    let header: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

#[test]
fn keys_rotate_while_serving_without_one_false_401() {
    let Some(server) = keycloak() else { return };
    let scene = Scene::start(Realm::create(server, |_| ()), "", ROUTES);
    let old = scene.realm.access_token("alice");
    assert_eq!(scene.status("/anyone", Some(&old)), 200);

    let (stop, served) = (AtomicBool::new(false), AtomicU64::new(0));
    let new = std::thread::scope(|threads| {
        let serve = threads.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(scene.status("/anyone", Some(&old)), 200, "the old key's token");
                served.fetch_add(1, Ordering::Relaxed);
            }
        });
        let realm_id = scene.realm.admin().get(&scene.realm.path(""))["id"].clone();
        let component = json!({
            "name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider", "parentId": realm_id,
            "config": { "priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"], "keySize": ["2048"] }
        });
        scene.realm.admin().post(&scene.realm.path("/components"), &component);
        let begin = Instant::now();
        let new = loop {
            let token = scene.realm.access_token("alice");
            // The very first request with the new key must pass.
            assert_eq!(scene.status("/anyone", Some(&token)), 200, "the new key's token");
            if kid(&token) != kid(&old) {
                break token;
            }
            assert!(begin.elapsed() < Duration::from_secs(60), "Keycloak never signed with the new key");
        };
        let before = served.load(Ordering::Relaxed);
        while served.load(Ordering::Relaxed) < before + 50 && !serve.is_finished() {
            assert_eq!(scene.status("/anyone", Some(&new)), 200);
        }
        stop.store(true, Ordering::Relaxed);
        serve.join().expect("no false 401");
        new
    });
    assert_ne!(kid(&old), kid(&new));
}

//! Key.

use serde_json::json;

use super::Scene;

/// Covers `get_keys`.
#[test]
fn a_key_that_is_made_as_a_component_becomes_the_active_one() {
    let Some(scene) = Scene::new() else { return };
    let before = scene.run(scene.realm.keys().get()).expect("keys");
    let key = json!({
        "name": "rsa", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["1000"], "algorithm": ["RS256"], "keySize": ["2048"]},
    });
    let id = scene.run(scene.realm.components().create(&key)).expect("a component");

    let after = scene.run(scene.realm.keys().get()).expect("keys");
    assert_ne!(after["active"]["RS256"], before["active"]["RS256"]);
    let keys = after["keys"].as_array().expect("a list");
    let active = keys.iter().find(|key| key["kid"] == after["active"]["RS256"]).expect("the active key");
    assert_eq!(active["providerId"], json!(id));
}

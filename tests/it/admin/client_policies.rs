//! Realms Admin: client policies.

use serde_json::json;

use super::Scene;

#[test]
fn a_profile_and_the_policy_that_demands_it_are_set() {
    let Some(scene) = Scene::new() else { return };
    let policies = scene.realm.client_policies();
    let executor = json!({"executor": "secure-client-uris", "configuration": {}});
    let profile = json!({"name": "https/only;", "description": "demanded", "executors": [executor]});
    scene.run(policies.set_profiles(&json!({"profiles": [profile]}))).expect("a change");
    let found = scene.run(policies.profiles()).expect("profiles");
    assert_eq!(found["profiles"], json!([profile]));
    let global = found["globalProfiles"].as_array().expect("Keycloak's own");
    assert!(global.iter().any(|profile| profile["name"] == "fapi-1-baseline"));

    let condition = json!({"condition": "any-client", "configuration": {}});
    let policy = json!({
        "name": "all", "description": "of all", "enabled": true, "conditions": [condition], "profiles": ["https/only;"]
    });
    scene.run(policies.set_policies(&json!({"policies": [policy]}))).expect("a change");
    assert_eq!(scene.run(policies.policies()).expect("policies")["policies"], json!([policy]));
    let unknown =
        json!({"policies": [{"name": "other", "enabled": true, "conditions": [], "profiles": ["none"]}]});
    assert_eq!(scene.run(policies.set_policies(&unknown)).expect_err("no such profile").status(), Some(400));
}

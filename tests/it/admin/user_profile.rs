//! User Profile.

use serde_json::json;

use super::Scene;

/// Covers `get_realm_users_profile`, `update_realm_users_profile`.
#[test]
fn a_profile_is_read_and_replaced() {
    let Some(scene) = Scene::new() else { return };
    let profile = scene.realm.user_profile();
    let mut changed = scene.run(profile.get()).expect("a profile");
    assert_eq!(changed["attributes"][0]["name"], "username");
    changed["attributes"].as_array_mut().expect("a list").push(json!({
        "name": "department", "permissions": {"view": ["admin"], "edit": ["admin"]},
    }));
    changed["unmanagedAttributePolicy"] = "ADMIN_EDIT".into();
    let answer = scene.run(profile.update(&changed)).expect("a profile");
    assert_eq!(answer["unmanagedAttributePolicy"], "ADMIN_EDIT");
    let read = scene.run(profile.get()).expect("a profile");
    assert_eq!(read["unmanagedAttributePolicy"], "ADMIN_EDIT");
    let attributes = read["attributes"].as_array().expect("a list");
    assert!(attributes.iter().any(|attribute| attribute["name"] == "department"), "{read}");
}

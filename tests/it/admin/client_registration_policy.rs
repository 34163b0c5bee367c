//! Client Registration Policy.

use super::Scene;

#[test]
fn the_kinds_of_registration_policies_are_listed() {
    let Some(scene) = Scene::new() else { return };
    let kinds = scene.run(scene.realm.client_registration_policy().providers()).expect("kinds");
    assert!(kinds.as_array().expect("a list").iter().any(|kind| kind["id"] == "trusted-hosts"));
}

//! Authentication Management: required actions.

use serde_json::json;

use super::Scene;

/// Covers `get_required_actions`, `get_required_action_by_alias`, `update_required_action`.
#[test]
fn an_action_is_found_and_switched_on() {
    let Some(scene) = Scene::new() else { return };
    let actions = scene.realm.required_actions();
    let all = scene.run(actions.list()).expect("actions");
    assert!(all.as_array().expect("a list").iter().any(|action| action["alias"] == "UPDATE_PASSWORD"));
    let found = scene.run(actions.find("TERMS_AND_CONDITIONS")).expect("actions");
    let mut action = found.expect("the action");
    assert_eq!(action["enabled"], json!(false));
    assert_eq!(scene.run(actions.find("no/such")).expect("actions"), None);

    action["enabled"] = json!(true);
    scene.run(actions.update("TERMS_AND_CONDITIONS", &action)).expect("a change");
    let found = scene.run(actions.find("TERMS_AND_CONDITIONS")).expect("actions").expect("the action");
    assert_eq!(found, action);
    let error = scene.run(actions.update("no/such", &action)).expect_err("no such action");
    assert!(error.is_not_found(), "{error}");
}

//! Authentication Management: the steps of flows.

use serde_json::{Value, json};

use super::Scene;

/// Covers `get_authentication_flow_execution`, `delete_authentication_flow_execution`, `change_execution_priority`,
/// `create_execution_config`.
#[test]
fn an_execution_is_moved_given_settings_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let (flows, executions) = (scene.realm.flows(), scene.realm.executions());
    let flow = json!({"alias": "steps", "providerId": "basic-flow", "topLevel": true, "builtIn": false});
    scene.run(flows.create(&flow)).expect("a flow");
    let [first, second, third] = ["auth-cookie", "auth-spnego", "idp-review-profile"].map(|provider| {
        scene.run(flows.add_execution("steps", &json!({"provider": provider}))).expect("an execution")
    });
    let order = || {
        let found = scene.run(flows.executions("steps")).expect("executions");
        let found = found.as_array().expect("a list").clone();
        found.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(order(), [first.clone(), second.clone(), third.clone()]);

    scene.run(executions.change_priority(&third, 2)).expect("two steps to the front");
    assert_eq!(order(), [third.clone(), first.clone(), second.clone()]);
    scene.run(executions.change_priority(&third, -1)).expect("one step to the end");
    assert_eq!(order(), [first.clone(), third.clone(), second.clone()]);
    scene.run(executions.change_priority(&third, 0)).expect("no step");
    assert_eq!(order(), [first.clone(), third.clone(), second]);

    let settings = json!({"alias": "review ü", "config": {"update.profile.on.first.login": "missing"}});
    let config = scene.run(executions.create_config(&third, &settings)).expect("settings");
    let found = scene.run(executions.get(&third)).expect("the execution");
    assert_eq!(
        (&found["authenticator"], &found["authenticatorConfig"]),
        (&json!("idp-review-profile"), &json!(config))
    );

    scene.run(executions.delete(&first)).expect("it goes");
    assert_eq!(order().len(), 2);
    let error = scene.run(executions.get(&first)).expect_err("it is gone");
    assert!(error.is_not_found(), "{error}");
    assert!(found.get("parentFlow").is_some_and(Value::is_string));
}

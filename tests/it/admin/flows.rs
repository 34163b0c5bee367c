//! Authentication Management: flows.

use serde_json::{Value, json};

use super::Scene;

fn flow(alias: &str) -> Value {
    json!({"alias": alias, "providerId": "basic-flow", "topLevel": true, "builtIn": false, "description": "made"})
}

/// Covers `get_authentication_flows`, `get_authentication_flow_for_id`, `create_authentication_flow`,
/// `copy_authentication_flow`, `update_authentication_flow`, `delete_authentication_flow`.
#[test]
fn a_flow_of_any_alias_is_made_copied_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let flows = scene.realm.flows();
    let id = scene.run(flows.create(&flow("ü 50%2F"))).expect("a flow");
    let error = scene.run(flows.create(&flow("ü 50%2F"))).expect_err("it is there");
    assert!(error.is_conflict(), "{error}");
    assert_eq!(scene.run(flows.create_if_absent(&flow("ü 50%2F"))).expect("no error"), id);
    assert_eq!(scene.run(flows.get(&id)).expect("the flow")["alias"], "ü 50%2F");

    let copy = scene.run(flows.copy("ü 50%2F", "copy of ü")).expect("a copy");
    let found = scene.run(flows.get(&copy)).expect("the copy");
    assert_eq!((&found["alias"], &found["description"]), (&json!("copy of ü"), &json!("made")));
    let error = scene.run(flows.copy("browser", "copy of ü")).expect_err("the alias is taken");
    assert!(error.is_conflict(), "{error}");

    let mut change = found.clone();
    change["description"] = json!("changed");
    scene.run(flows.update(&copy, &change)).expect("a change");
    assert_eq!(scene.run(flows.get(&copy)).expect("the copy")["description"], "changed");

    scene.run(flows.delete(&id)).expect("it goes");
    let all = scene.run(flows.list()).expect("flows");
    let aliases: Vec<&Value> = all.as_array().expect("a list").iter().map(|flow| &flow["alias"]).collect();
    assert!(aliases.contains(&&json!("copy of ü")) && !aliases.contains(&&json!("ü 50%2F")));
    let browser = all.as_array().expect("a list").iter().find(|flow| flow["alias"] == "browser");
    let browser = browser.and_then(|flow| flow["id"].as_str()).expect("Keycloak's own flow");
    assert!(scene.run(flows.delete(browser)).is_err(), "Keycloak's own flow cannot go");
}

/// Covers `get_authentication_flow_executions`, `update_authentication_flow_executions`,
/// `create_authentication_flow_execution`, `create_authentication_flow_subflow`.
#[test]
fn a_flow_is_filled_with_executions_and_flows() {
    let Some(scene) = Scene::new() else { return };
    let flows = scene.realm.flows();
    scene.run(flows.create(&flow("my flow %"))).expect("a flow");
    let cookie = json!({"provider": "auth-cookie"});
    let cookie = scene.run(flows.add_execution("my flow %", &cookie)).expect("an execution");
    let error =
        scene.run(flows.add_execution("my flow %", &json!({"provider": "none"}))).expect_err("no provider");
    assert_eq!(error.status(), Some(400));
    let forms = json!({
        "alias": "forms é", "type": "basic-flow", "provider": "registration-page-form", "description": "of mine"
    });
    let id = scene.run(flows.add_subflow("my flow %", &forms)).expect("a flow in the flow");
    let error = scene.run(flows.add_subflow("my flow %", &forms)).expect_err("it is there");
    assert!(error.is_conflict(), "{error}");
    assert_eq!(scene.run(flows.add_subflow_if_absent("my flow %", &forms)).expect("no error"), id);
    let error = scene.run(flows.add_subflow_if_absent("browser", &forms)).expect_err("Keycloak's own flow");
    assert!(error.status().is_some_and(|status| status >= 400), "{error}");
    let username = json!({"provider": "auth-username-password-form"});
    scene.run(flows.add_execution("forms é", &username)).expect("an execution in the flow in the flow");

    let executions = scene.run(flows.executions("my flow %")).expect("executions");
    let levels: Vec<&Value> =
        executions.as_array().expect("a list").iter().map(|one| &one["level"]).collect();
    assert_eq!(levels, [0, 0, 1]);
    assert_eq!((&executions[0]["id"], &executions[1]["flowId"]), (&json!(cookie), &json!(id)));
    let mut change = executions[0].clone();
    change["requirement"] = json!("ALTERNATIVE");
    scene.run(flows.update_execution("my flow %", &change)).expect("a change");
    let executions = scene.run(flows.executions("my flow %")).expect("executions");
    assert_eq!(executions[0]["requirement"], "ALTERNATIVE");
}

//! Authentication Management: what steps there are, and the settings of those in use.

use serde_json::{Value, json};

use super::Scene;

fn ids(providers: &Value) -> Vec<&str> {
    providers.as_array().expect("a list").iter().filter_map(|provider| provider["id"].as_str()).collect()
}

/// Covers `get_authenticator_providers`, `get_authenticator_provider_config_description`.
#[test]
fn providers_and_their_settings_are_described() {
    let Some(scene) = Scene::new() else { return };
    let authenticators = scene.realm.authenticators();
    let providers = scene.run(authenticators.providers()).expect("providers");
    assert!(ids(&providers).contains(&"auth-cookie"));
    let clients = scene.run(authenticators.client_providers()).expect("providers");
    assert!(ids(&clients).contains(&"client-secret"));
    let forms = scene.run(authenticators.form_providers()).expect("providers");
    assert!(ids(&forms).contains(&"registration-page-form"));
    let actions = scene.run(authenticators.form_action_providers()).expect("providers");
    assert!(ids(&actions).contains(&"registration-user-creation"));

    let description =
        scene.run(authenticators.config_description("idp-review-profile")).expect("a description");
    assert_eq!(description["properties"][0]["name"], "update.profile.on.first.login");
    let error = scene.run(authenticators.config_description("no/such;one")).expect_err("no such provider");
    assert!(error.is_not_found(), "{error}");
}

/// Covers `get_authenticator_config`, `update_authenticator_config`, `delete_authenticator_config`.
#[test]
fn settings_of_an_execution_are_read_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let authenticators = scene.realm.authenticators();
    let flows = scene.realm.flows();
    scene.run(flows.copy("first broker login", "mine")).expect("a flow");
    let executions = scene.run(flows.executions("mine")).expect("executions");
    let execution =
        executions.as_array().expect("a list").iter().find(|one| one["configurable"] == json!(true));
    let execution = execution.and_then(|one| one["id"].as_str()).expect("an execution with settings");
    let settings = json!({"alias": "mine", "config": {"update.profile.on.first.login": "missing"}});
    let id = scene.run(scene.realm.executions().create_config(execution, &settings)).expect("settings");

    let mut found = scene.run(authenticators.config(&id)).expect("settings");
    assert_eq!(found["config"]["update.profile.on.first.login"], "missing");
    found["config"]["update.profile.on.first.login"] = json!("off");
    scene.run(authenticators.update_config(&id, &found)).expect("a change");
    assert_eq!(scene.run(authenticators.config(&id)).expect("settings"), found);

    scene.run(authenticators.delete_config(&id)).expect("they go");
    assert!(scene.run(authenticators.config(&id)).expect_err("they are gone").is_not_found());
}

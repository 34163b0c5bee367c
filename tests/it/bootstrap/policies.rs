//! Policies and permissions: mended one by one, and made when all is there that they name.

use gatecloak::admin::AdminClient;
use gatecloak::bootstrap::Plan;
use gatecloak::connection::ConnectionSettings;
use serde_json::{Value, json};

use super::module::{self, done};
use super::state::{apply, desired, plan};
use crate::admin::{Relay, Scene, login};

/// One of each kind, by the names of what they are about.
fn policies() -> Value {
    json!([
        {"name": "role", "type": "role", "config": {"roles": "[{\"id\":\"reader\",\"required\":false}]"}},
        {"name": "client role", "type": "role", "config": {"roles": "[{\"id\":\"guard/boss\",\"required\":true}]"}},
        {"name": "group", "type": "group", "config": {"groups": "[{\"path\":\"/staff/sales\",\"extendChildren\":true}]"}},
        {"name": "client", "type": "client", "config": {"clients": "[\"caller\"]"}},
        {"name": "account", "type": "user", "config": {"users": "[\"service-account-caller\"]"}},
        {"name": "scope", "type": "client-scope", "config": {"clientScopes": "[{\"id\":\"orders\",\"required\":false}]"}},
        {"name": "time", "type": "time", "config": {"hour": "1", "hourEnd": "5"}},
        {"name": "regex", "type": "regex", "config": {"targetClaim": "x", "pattern": "a+"}},
        {"name": "both", "type": "aggregate", "config": {"applyPolicies": "[\"role\",\"client role\"]"}},
        {"name": "whole", "type": "resource", "config": {"resources": "[\"Doc\"]", "applyPolicies": "[\"both\"]"}},
        {"name": "look", "type": "scope",
         "config": {"resources": "[\"Doc\"]", "scopes": "[\"view\"]", "applyPolicies": "[\"group\",\"client\"]"}},
    ])
}

fn settings(policies: &Value) -> Value {
    json!({
        "scopes": [{"name": "view"}],
        "resources": [{"name": "Doc", "uris": ["/docs/*"], "scopes": [{"name": "view"}]}],
        "policies": policies,
    })
}

/// A guard whose policies name what is made with it.
fn state(policies: &Value) -> Value {
    json!({
        "realm_roles": [{"name": "reader"}],
        "client_scopes": [{"name": "orders"}],
        "groups": [{"path": "/staff/sales"}],
        "clients": [
            {
                "client_id": "guard", "service_accounts_enabled": true, "authorization_services_enabled": true,
                "authorization_settings": settings(policies), "roles": [{"name": "boss"}],
            },
            {"client_id": "caller", "service_accounts_enabled": true},
        ],
    })
}

fn there(scene: &Scene) -> Value {
    let authorization = scene.realm.clients().authorization(&scene.client("guard"));
    scene.run(authorization.export()).expect("settings")
}

#[test]
fn policies_are_made_once_when_all_is_there_that_they_name() {
    let Some(scene) = Scene::new() else { return };
    let relay = Relay::to(&scene.url);
    let realm = AdminClient::connect(ConnectionSettings::new(relay.url()), login()).expect("a client");
    let wanted = desired(&scene, &state(&policies()));
    let realm = realm.realm(&scene.name);
    let mut told = Vec::new();
    let made =
        scene.run(Plan::apply(&realm, &wanted, |item, _| told.push(item.to_string()))).expect("a plan");
    assert!(made.failures.is_empty(), "{:?}", made.failures);
    // Once: nothing had to be looked at again because it came too early.
    let of_policies = told.iter().filter(|item| item.contains("policies of client `guard`")).count();
    assert_eq!(of_policies, 1, "{told:#?}");
    let written = ["POST", "PUT"].map(|method| relay.asked(&format!("{method} /admin/"))).concat();
    let imports = written.iter().filter(|line| line.contains("/import ")).count();
    assert_eq!(
        (imports, written.iter().filter(|line| line.contains("/authz/")).count()),
        (1, 1),
        "{written:#?}"
    );
    let there = there(&scene).to_string();
    for name in ["guard/boss", "/staff/sales", "service-account-caller", "caller", "orders"] {
        assert!(there.contains(name), "{name}: {there}");
    }
    assert!(plan(&scene, &state(&policies())).is_empty());
    assert!(!apply(&scene, &state(&policies())).is_changed());
}

#[test]
fn a_policy_that_drifted_in_its_logic_or_strategy_is_mended_by_itself() {
    let Some(scene) = Scene::new() else { return };
    apply(&scene, &state(&policies()));
    let authorization = scene.realm.clients().authorization(&scene.client("guard"));
    let before = there(&scene);
    // An older server has some of its own beside them.
    let named = |policy: &&Value| {
        policies().as_array().into_iter().flatten().any(|own| own["name"] == policy["name"])
    };
    for policy in before["policies"].as_array().expect("policies").iter().filter(named) {
        let name = policy["name"].as_str().expect("a name");
        let drift = async {
            let found = match authorization.policies().find(name).await? {
                Some(found) => found,
                None => authorization.permissions().find(name).await?.expect("a permission"),
            };
            let mut drifted = policy.clone();
            drifted["logic"] = json!("NEGATIVE");
            drifted["decisionStrategy"] = json!("CONSENSUS");
            authorization.policies().update(found["id"].as_str().expect("an id"), &drifted).await
        };
        scene.run(drift).expect("a drift");
    }
    let seen = plan(&scene, &state(&policies())).iter().map(ToString::to_string).collect::<String>();
    assert!(
        seen.contains("policies.look.logic") && seen.contains("policies.both.decisionStrategy"),
        "{seen}"
    );
    let relay = Relay::to(&scene.url);
    let realm = AdminClient::connect(ConnectionSettings::new(relay.url()), login()).expect("a client");
    let wanted = desired(&scene, &state(&policies()));
    let mended = scene.run(Plan::apply(&realm.realm(&scene.name), &wanted, |_, _| {})).expect("a plan");
    assert!(mended.failures.is_empty(), "{:?}", mended.failures);
    // Older servers leave what is there as it is when it comes with an import.
    assert_eq!(relay.asked("POST /admin/"), [""; 0]);
    assert_eq!(relay.asked("PUT /admin/").len(), policies().as_array().expect("policies").len());
    assert!(plan(&scene, &state(&policies())).is_empty());
    assert_eq!(there(&scene), before);
}

#[test]
fn the_roles_of_a_task_are_there_when_its_policies_name_them() {
    let Some(bench) = module::Bench::new() else { return };
    let options = json!({
        "client_id": "guard", "service_accounts_enabled": true, "authorization_services_enabled": true,
        "default_roles": ["boss"],
        "authorization_settings": {
            "policies": [{"name": "p", "type": "role", "config": {"roles": "[{\"id\":\"guard/boss\",\"required\":true}]"}}],
        },
    });
    assert!(done(bench.apply(&options)).changed);
    let again = done(bench.apply(&options));
    assert!(!again.changed, "{:?}", again.changes);
}

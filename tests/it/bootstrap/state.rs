//! Wanted state of a realm: every kind of thing, made, kept, drifted and mended.

use gatecloak::bootstrap::{Action, Desired, Item, Plan};
use serde_json::{Value, json};

use crate::admin::Scene;

pub(super) fn desired(scene: &Scene, members: &Value) -> Desired {
    let mut content = json!({"realm": scene.name});
    content.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
    Desired::read(&content).expect("wanted state")
}

pub(super) fn apply(scene: &Scene, members: &Value) -> Plan {
    let plan = scene.run(Plan::apply(&scene.realm, &desired(scene, members), |_, _| {})).expect("a plan");
    assert!(plan.failures.is_empty(), "{:?}", plan.failures);
    plan
}

pub(super) fn plan(scene: &Scene, members: &Value) -> Vec<Item> {
    let plan = scene.run(Plan::make(&scene.realm, &desired(scene, members))).expect("a plan");
    plan.items.into_iter().filter(Item::is_due).collect()
}

pub(super) fn everything() -> Value {
    json!({
        "realm_roles": [
            {"name": "reader", "description": "Reads"},
            {"name": "manager / é", "attributes": {"level": ["2"]},
             "composites": {"realm_roles": ["reader"], "client_roles": {"api": ["view"]}}},
        ],
        "client_scopes": [{
            "name": "api-audience",
            "description": "For the api",
            "attributes": {"include.in.token.scope": true},
            "assignment": "optional",
            "protocol_mappers": [{
                "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
                "config": {"included.client.audience": "api", "access.token.claim": true},
            }],
        }],
        "clients": [
            {
                "client_id": "api",
                "service_accounts_enabled": true,
                "roles": [{"name": "view"}, {"name": "edit", "description": "Changes things"}],
                "service_account": {"client_roles": {"realm-management": ["view-users"]}, "realm_roles": ["reader"]},
                "audiences": ["api"],
            },
            {"client_id": "web", "redirect_uris": ["https://web.example.com/*"], "audiences": ["api"]},
        ],
        "groups": [
            {"path": "/staff"},
            {"path": "/staff/sales", "attributes": {"floor": ["3"]}, "roles": {"realm_roles": ["reader"], "client_roles": {"api": ["view"]}}},
        ],
    })
}

#[test]
fn everything_is_made_once_and_kept() {
    let Some(scene) = Scene::new() else { return };
    let before = plan(&scene, &everything());
    assert!(before.iter().all(|item| item.action != Action::Keep) && before.len() >= 9, "{before:?}");
    assert!(apply(&scene, &everything()).is_changed());
    let left: Vec<String> = plan(&scene, &everything()).iter().map(ToString::to_string).collect();
    assert_eq!(left, [""; 0]);
    assert!(!apply(&scene, &everything()).is_changed());
}

#[test]
fn drift_of_any_kind_is_seen_and_mended() {
    let Some(scene) = Scene::new() else { return };
    apply(&scene, &everything());
    let realm = &scene.realm;
    let id = |name: &str| scene.run(realm.clients().id(name)).expect("an answer").expect("a client");
    let api = id("api");
    scene
        .run(async {
            realm.roles().update("reader", &json!({"name": "reader", "description": "Writes"})).await?;
            realm.client_roles(&api).delete("view").await?;
            realm
                .clients()
                .update(
                    &api,
                    &json!({"serviceAccountsEnabled": true, "enabled": true, "protocolMappers": []}),
                )
                .await?;
            let group = realm.groups().by_path("/staff/sales").await?.expect("a group");
            realm.groups().delete(group["id"].as_str().expect("an id")).await?;
            let scope = realm.client_scopes().id("api-audience").await?.expect("a scope");
            realm.client_scopes().remove_optional(&scope).await
        })
        .expect("drift");
    let seen: Vec<String> = plan(&scene, &everything()).iter().map(ToString::to_string).collect();
    for part in [
        "realm role `reader`",
        "client role `api/view`",
        "client `api`",
        "group `/staff/sales`",
        "client scope `api-audience`",
    ] {
        assert!(seen.iter().any(|item| item.contains(part)), "{part}: {seen:#?}");
    }
    apply(&scene, &everything());
    assert!(plan(&scene, &everything()).is_empty());
}

#[test]
fn what_shall_not_be_there_goes_and_what_is_not_named_stays() {
    let Some(scene) = Scene::new() else { return };
    apply(&scene, &everything());
    let gone = json!({
        "realm_roles": [{"name": "reader", "state": "absent"}],
        "client_scopes": [{"name": "api-audience", "state": "absent"}],
        "clients": [{"client_id": "web", "state": "absent"}],
        "groups": [{"path": "/staff/sales", "state": "absent"}],
    });
    apply(&scene, &gone);
    assert!(!apply(&scene, &gone).is_changed());
    let realm = &scene.realm;
    let api = scene.run(realm.clients().id("api")).expect("an answer").expect("still there");
    assert!(scene.run(realm.client_roles(&api).get("edit")).is_ok());
    assert!(scene.run(realm.groups().by_path("/staff")).expect("an answer").is_some());
    assert!(scene.run(realm.roles().get("manager / é")).is_ok());
}

#[test]
fn a_file_with_faults_names_each() {
    let content = json!({"realm": "r", "clients": [{"client_id": "a", "enabeld": true}, {"client_id": "b", "enabled": "perhaps"}]});
    let error = Desired::read(&content).expect_err("two faults").to_string();
    assert!(
        error.contains("did you mean `enabled`?") && error.contains("clients.1") && error.contains("perhaps"),
        "{error}"
    );
}

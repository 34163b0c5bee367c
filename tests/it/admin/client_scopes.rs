//! Client Scopes.

use serde_json::{Value, json};

use super::Scene;

fn scope(name: &str) -> Value {
    json!({"name": name, "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}})
}

fn has(list: &Value, id: &str) -> bool {
    list.as_array().expect("a list").iter().any(|item| item["id"] == id)
}

/// Covers `create_client_scope`, `get_client_scopes`, `get_client_scope`, `get_client_scope_by_name`, `update_client_scope`,
/// `delete_client_scope`.
#[test]
fn a_client_scope_is_made_found_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let scopes = scene.realm.client_scopes();
    // Keycloak takes neither blanks nor `/` in these names, and no letters beyond ASCII.
    let name = "orders:read;v1";
    let id = scene.run(scopes.create(&scope(name))).expect("a scope");
    assert!(scene.run(scopes.create(&scope(name))).expect_err("it is there").is_conflict());
    assert_eq!(scene.run(scopes.create_if_absent(&scope(name))).expect("its id"), id);
    assert!(has(&scene.run(scopes.list()).expect("scopes"), &id));
    assert_eq!(scene.run(scopes.find(name)).expect("an answer").expect("the scope")["id"], id.as_str());
    assert_eq!(scene.run(scopes.id("orders")).expect("an answer"), None);

    scene.run(scopes.update(&id, &json!({"description": "first"}))).expect("a change without its name");
    scene.run(scopes.update(&id, &json!({"name": "orders%2Fread"}))).expect("a change of its name");
    let found = scene.run(scopes.get(&id)).expect("the scope");
    assert_eq!((&found["name"], &found["description"]), (&json!("orders%2Fread"), &json!("first")));
    assert_eq!(found["attributes"]["include.in.token.scope"], "true");

    scene.run(scopes.delete(&id)).expect("it goes");
    assert!(scene.run(scopes.get(&id)).expect_err("it is gone").is_not_found());
    assert_ne!(scene.run(scopes.create_if_absent(&scope(name))).expect("a scope"), id);
}

/// Covers `get_default_default_client_scopes`, `add_default_default_client_scope`, `delete_default_default_client_scope`,
/// `get_default_optional_client_scopes`, `add_default_optional_client_scope`, `delete_default_optional_client_scope`.
#[test]
fn new_clients_get_the_scopes_that_the_realm_says() {
    let Some(scene) = Scene::new() else { return };
    let scopes = scene.realm.client_scopes();
    let always = scene.run(scopes.create(&scope("always"))).expect("a scope");
    let asked = scene.run(scopes.create(&scope("asked"))).expect("a scope");
    scene.run(scopes.add_default(&always)).expect("it is given");
    scene.run(scopes.add_optional(&asked)).expect("it is given");
    assert!(has(&scene.run(scopes.list_default()).expect("scopes"), &always));
    assert!(has(&scene.run(scopes.list_optional()).expect("scopes"), &asked));
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    assert!(has(&scene.run(clients.default_scopes(&id)).expect("scopes"), &always));
    assert!(has(&scene.run(clients.optional_scopes(&id)).expect("scopes"), &asked));

    scene.run(scopes.remove_default(&always)).expect("it is taken");
    scene.run(scopes.remove_optional(&asked)).expect("it is taken");
    assert!(!has(&scene.run(scopes.list_default()).expect("scopes"), &always));
    assert!(!has(&scene.run(scopes.list_optional()).expect("scopes"), &asked));
}

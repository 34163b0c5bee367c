//! Scope Mappings.

use gatecloak::admin::ScopeMappings;
use serde_json::{Value, json};

use super::Scene;
use crate::keycloak::keycloak;

/// A realm with a role, and a client `owner` with another: the id of the client, the realm role, the client role.
fn scene() -> Option<(Scene, String, Value, Value)> {
    let scene = Scene::with(&json!({
        "clients": [{"clientId": "owner"}],
        "roles": {"realm": [{"name": "boss/ä;"}], "client": {"owner": [{"name": "clerk"}]}},
    }))?;
    let owner = scene.run(scene.realm.clients().id("owner")).expect("an answer").expect("the client");
    let admin = &keycloak()?.admin;
    let roles = admin.get(&format!("/{}/roles?search=boss", scene.name));
    let client_roles = admin.get(&format!("/{}/clients/{owner}/roles", scene.name));
    Some((scene, owner, roles[0].clone(), client_roles[0].clone()))
}

/// Covers `assign_realm_roles_to_client_scope`, `get_realm_roles_of_client_scope`, `delete_realm_roles_of_client_scope`,
/// `assign_client_roles_to_client_scope`, `get_client_roles_of_client_scope`, `delete_client_roles_of_client_scope`.
#[test]
fn a_client_is_let_have_roles_in_its_tokens() {
    let Some((scene, owner, realm_role, client_role)) = scene() else { return };
    let clients = scene.realm.clients();
    let client = json!({"clientId": "shop", "fullScopeAllowed": false});
    let id = scene.run(clients.create(&client)).expect("a client");
    roles_come_and_go(&scene, &clients.scope_mappings(&id), &owner, &realm_role, &client_role);
}

/// Covers `get_all_roles_of_client_scope`, `add_client_specific_roles_to_client_scope`,
/// `get_client_specific_roles_of_client_scope`, `remove_client_specific_roles_of_client_scope`.
#[test]
fn a_client_scope_is_let_have_roles_in_tokens() {
    let Some((scene, owner, realm_role, client_role)) = scene() else { return };
    let scopes = scene.realm.client_scopes();
    let orders = json!({"name": "orders", "protocol": "openid-connect"});
    let id = scene.run(scopes.create(&orders)).expect("a scope");
    roles_come_and_go(&scene, &scopes.scope_mappings(&id), &owner, &realm_role, &client_role);
}

fn roles_come_and_go(scene: &Scene, mappings: &ScopeMappings, owner: &str, realm: &Value, client: &Value) {
    let names = |list: Value| -> Vec<Value> {
        list.as_array().expect("a list").iter().map(|role| role["name"].clone()).collect()
    };
    let available = names(scene.run(mappings.available_realm_roles()).expect("roles"));
    assert!(available.contains(&realm["name"]), "{available:?}");
    scene.run(mappings.add_realm_roles(&json!([realm]))).expect("it is added");
    assert_eq!(names(scene.run(mappings.realm_roles()).expect("roles")), [realm["name"].clone()]);
    let effective = names(scene.run(mappings.effective_realm_roles()).expect("roles"));
    assert!(effective.contains(&realm["name"]), "{effective:?}");

    let available = names(scene.run(mappings.available_client_roles(owner)).expect("roles"));
    assert_eq!(available, [client["name"].clone()]);
    scene.run(mappings.add_client_roles(owner, &json!([client]))).expect("it is added");
    assert_eq!(names(scene.run(mappings.client_roles(owner)).expect("roles")), available);
    assert_eq!(names(scene.run(mappings.effective_client_roles(owner)).expect("roles")), available);

    let all = scene.run(mappings.all()).expect("roles");
    assert_eq!(all["realmMappings"][0]["name"], realm["name"]);
    assert_eq!(all["clientMappings"]["owner"]["mappings"][0]["name"], client["name"]);

    scene.run(mappings.remove_realm_roles(&json!([realm]))).expect("it is removed");
    scene.run(mappings.remove_client_roles(owner, &json!([client]))).expect("it is removed");
    assert_eq!(scene.run(mappings.realm_roles()).expect("no roles"), json!([]));
    assert_eq!(scene.run(mappings.client_roles(owner)).expect("no roles"), json!([]));
}

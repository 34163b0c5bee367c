//! Protocol Mappers.

use gatecloak::admin::ProtocolMappers;
use serde_json::{Value, json};

use super::Scene;
use super::clients::mapper;

/// Covers `add_mapper_to_client`, `get_mappers_from_client`, `update_client_mapper`, `remove_client_mapper`.
#[test]
fn a_client_is_given_mappers() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    a_mapper_is_made_changed_and_removed(&scene, &clients.mappers(&id));
}

/// Covers `add_mapper_to_client_scope`, `get_mappers_from_client_scope`, `update_mapper_in_client_scope`,
/// `delete_mapper_from_client_scope`.
#[test]
fn a_client_scope_is_given_mappers() {
    let Some(scene) = Scene::new() else { return };
    let scopes = scene.realm.client_scopes();
    let orders = json!({"name": "orders", "protocol": "openid-connect"});
    let id = scene.run(scopes.create(&orders)).expect("a scope");
    a_mapper_is_made_changed_and_removed(&scene, &scopes.mappers(&id));
}

fn a_mapper_is_made_changed_and_removed(scene: &Scene, mappers: &ProtocolMappers) {
    let name = "one/ä; 50%#?+";
    let id = scene.run(mappers.create(&mapper(name))).expect("a mapper");
    assert!(scene.run(mappers.create(&mapper(name))).expect_err("it is there").is_conflict());
    let found = scene.run(mappers.get(&id)).expect("the mapper");
    assert_eq!((&found["name"], &found["config"]["claim.value"]), (&json!(name), &json!(name)));

    // Without its id, which Keycloak demands in the body.
    scene.run(mappers.update(&id, &mapper("two"))).expect("a change");
    assert_eq!(scene.run(mappers.get(&id)).expect("the mapper")["config"]["claim.value"], "two");
    scene.run(mappers.create_all(&json!([mapper("three"), mapper("four")]))).expect("two more");
    let all = scene.run(mappers.list()).expect("mappers");
    let mut names: Vec<&Value> =
        all.as_array().expect("a list").iter().map(|mapper| &mapper["name"]).collect();
    names.sort_by_key(|name| name.as_str());
    assert_eq!(names, ["four", name, "three"]);
    assert_eq!(
        scene.run(mappers.list_of("openid-connect")).expect("mappers").as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(scene.run(mappers.list_of("saml")).expect("no mappers"), json!([]));

    scene.run(mappers.delete(&id)).expect("it goes");
    assert!(scene.run(mappers.get(&id)).expect_err("it is gone").is_not_found());
}

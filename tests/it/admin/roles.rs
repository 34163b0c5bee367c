//! Roles, of the realm and of clients, by name and by id.

use gatecloak::admin::Roles;
use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::{AWKWARD, Scene, names, person, text};

/// A realm with the client `shop`, and the client's id.
fn realm() -> Option<(Scene, String)> {
    let scene = Scene::with(&json!({
        "clients": [{"clientId": "shop", "publicClient": false}],
        "users": [person("alice")],
        "groups": [{"name": "staff"}],
    }))?;
    let shop = scene.client("shop");
    Some((scene, shop))
}

fn make(scene: &Scene, roles: &Roles, name: &str) -> Value {
    assert_eq!(scene.run(roles.create(&json!({"name": name}))).expect("a name"), name);
    scene.run(roles.get(name)).expect("the role")
}

/// What goes for roles of the realm and of a client alike.
fn role_comes_changes_and_goes(scene: &Scene, roles: &Roles) {
    let made = make(scene, roles, AWKWARD);
    assert_eq!(text(&made, "name"), AWKWARD);
    assert_eq!(scene.run(roles.id(AWKWARD)).expect("an id"), text(&made, "id"));
    let conflict = scene.run(roles.create(&json!({"name": AWKWARD}))).expect_err("it is there");
    assert!(conflict.is_conflict(), "{conflict}");
    let again = json!({"name": AWKWARD, "description": "not taken"});
    assert_eq!(scene.run(roles.create_if_absent(&again)).expect("its name"), AWKWARD);
    assert_eq!(scene.run(roles.create_if_absent(&json!({"name": "new"}))).expect("its name"), "new");

    let changes = json!({"name": AWKWARD, "description": "changed", "attributes": {"size": ["1"]}});
    scene.run(roles.update(AWKWARD, &changes)).expect("an empty answer");
    assert_eq!(text(&scene.run(roles.get(AWKWARD)).expect("the role"), "description"), "changed");
    let all = Value::Array(scene.run(roles.list(Query::new()).all()).expect("all"));
    assert!(names(&all).contains(&AWKWARD), "{all}");
    let whole = scene.run(roles.list(Query::new().with("briefRepresentation", false)).all()).expect("all");
    let role = whole.iter().find(|role| role["name"] == AWKWARD).expect("the role");
    assert_eq!(role["attributes"]["size"], json!(["1"]));

    scene.run(roles.delete(AWKWARD)).expect("an empty answer");
    assert!(scene.run(roles.get(AWKWARD)).expect_err("it is gone").is_not_found());
}

/// Covers `create_realm_role`, `get_realm_role`, `get_realm_roles`, `update_realm_role`, `delete_realm_role`.
#[test]
fn a_role_of_the_realm_comes_changes_and_goes_by_any_name() {
    let Some((scene, _)) = realm() else { return };
    role_comes_changes_and_goes(&scene, &scene.realm.roles());
}

/// Covers `create_client_role`, `get_client_role`, `get_client_role_id`, `get_client_roles`, `update_client_role`.
/// Covers `delete_client_role`.
#[test]
fn a_role_of_a_client_comes_changes_and_goes_by_any_name() {
    let Some((scene, shop)) = realm() else { return };
    role_comes_changes_and_goes(&scene, &scene.realm.client_roles(&shop));
}

/// Covers `get_realm_role_members`, `get_realm_role_groups`, `get_client_role_members`, `get_client_role_groups`.
#[test]
fn who_has_a_role_is_listed() {
    let Some((scene, shop)) = realm() else { return };
    let (realm, client) = (scene.realm.roles(), scene.realm.client_roles(&shop));
    let reader = json!([make(&scene, &realm, AWKWARD)]);
    let buyer = json!([make(&scene, &client, AWKWARD)]);
    let alice = scene.run(scene.realm.users().id("alice")).expect("an answer").expect("alice");
    let staff = scene.run(scene.realm.groups().by_path("/staff")).expect("an answer").expect("the group");
    for holder in [scene.realm.user_roles(&alice), scene.realm.group_roles(text(&staff, "id"))] {
        scene.run(holder.add_realm(&reader)).expect("an empty answer");
        scene.run(holder.add_client(&shop, &buyer)).expect("an empty answer");
    }
    for roles in [&realm, &client] {
        let members = scene.run(roles.members(AWKWARD, Query::new()).all()).expect("members");
        assert_eq!(members.len(), 1);
        assert_eq!(text(&members[0], "username"), "alice");
        let groups = scene.run(roles.groups(AWKWARD, Query::new()).all()).expect("groups");
        assert_eq!(names(&Value::Array(groups)), ["staff"]);
    }
}

/// Covers `add_composite_realm_roles_to_role`, `get_composite_realm_roles_of_role`.
/// Covers `remove_composite_realm_roles_to_role`, `add_composite_client_roles_to_role`.
/// Covers `get_composite_client_roles_of_role`, `remove_composite_client_roles_from_role`.
/// Covers `get_role_composites_by_id`, `get_role_client_level_children`.
#[test]
fn roles_of_all_kinds_bring_along_roles_of_all_kinds() {
    let Some((scene, shop)) = realm() else { return };
    let (realm, client) = (scene.realm.roles(), scene.realm.client_roles(&shop));
    let brought = json!([make(&scene, &realm, "reader"), make(&scene, &client, "buyer")]);
    for roles in [&realm, &client] {
        let above = make(&scene, roles, AWKWARD);
        scene.run(roles.add_composites(AWKWARD, &brought)).expect("an empty answer");
        let found = scene.run(roles.composites(AWKWARD)).expect("a list");
        assert_eq!(sorted(&found), ["buyer", "reader"]);

        let (by_id, id) = (scene.realm.roles_by_id(), text(&above, "id"));
        let found = scene.run(by_id.composites(id, Query::new()).all()).expect("a list");
        assert_eq!(sorted(&Value::Array(found)), ["buyer", "reader"]);
        assert_eq!(names(&scene.run(by_id.client_composites(id, &shop)).expect("a list")), ["buyer"]);
        assert_eq!(names(&scene.run(by_id.realm_composites(id)).expect("a list")), ["reader"]);

        scene.run(roles.remove_composites(AWKWARD, &json!([brought[0]]))).expect("an empty answer");
        assert_eq!(names(&scene.run(roles.composites(AWKWARD)).expect("a list")), ["buyer"]);
    }
}

/// Covers `get_role_by_id`, `get_realm_role_by_id`, `update_role_by_id`, `delete_role_by_id`.
#[test]
fn a_role_is_read_changed_and_removed_by_id() {
    let Some((scene, shop)) = realm() else { return };
    let by_id = scene.realm.roles_by_id();
    for roles in [scene.realm.roles(), scene.realm.client_roles(&shop)] {
        let made = make(&scene, &roles, AWKWARD);
        let id = text(&made, "id");
        assert_eq!(text(&scene.run(by_id.get(id)).expect("the role"), "name"), AWKWARD);
        scene
            .run(by_id.update(id, &json!({"name": "plain", "description": "changed"})))
            .expect("an empty answer");
        assert_eq!(text(&scene.run(roles.get("plain")).expect("the role"), "description"), "changed");
        scene.run(by_id.delete(id)).expect("an empty answer");
        assert!(scene.run(by_id.get(id)).expect_err("it is gone").is_not_found());
    }
}

/// Covers `get_default_realm_role_id`, `get_realm_default_roles`, `add_realm_default_roles`.
/// Covers `remove_realm_default_roles`.
#[test]
fn default_roles_come_and_go() {
    let Some((scene, _)) = realm() else { return };
    let defaults = scene.realm.default_roles();
    let id = scene.run(defaults.id()).expect("an id");
    let role = scene.run(scene.realm.roles_by_id().get(&id)).expect("the role");
    assert_eq!(text(&role, "name"), format!("default-roles-{}", scene.name));
    let reader = json!([make(&scene, &scene.realm.roles(), "reader")]);
    scene.run(defaults.add(&reader)).expect("an empty answer");
    let list = scene.run(defaults.list()).expect("a list");
    assert_eq!(sorted(&list), ["offline_access", "reader", "uma_authorization"]);
    scene.run(defaults.remove(&reader)).expect("an empty answer");
    assert_eq!(sorted(&scene.run(defaults.list()).expect("a list")), ["offline_access", "uma_authorization"]);
}

fn sorted(list: &Value) -> Vec<&str> {
    let mut names = names(list);
    names.sort_unstable();
    names
}

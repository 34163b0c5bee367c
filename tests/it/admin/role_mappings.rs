//! Role Mapper and Client Role Mappings.

use gatecloak::admin::RoleMappings;
use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::{Scene, names, person};

/// A realm where the role `manager` brings along `reader`, and `keeper` of the client `shop` brings along `buyer`.
struct Cast {
    scene: Scene,
    shop: String,
    manager: Value,
    keeper: Value,
}

impl Cast {
    fn new() -> Option<Self> {
        let scene = Scene::with(&json!({
            "clients": [{"clientId": "shop", "publicClient": false}],
            "users": [person("alice")],
            "groups": [{"name": "staff"}],
            "roles": {
                "realm": [{"name": "reader"}, {"name": "manager", "composites": {"realm": ["reader"]}}],
                "client": {"shop": [{"name": "buyer"}, {"name": "keeper", "composites": {"client": {"shop": ["buyer"]}}}]},
            },
        }))?;
        let shop = scene.client("shop");
        let manager = json!([scene.run(scene.realm.roles().get("manager")).expect("the role")]);
        let keeper = json!([scene.run(scene.realm.client_roles(&shop).get("keeper")).expect("the role")]);
        Some(Self { scene, shop, manager, keeper })
    }

    /// What goes for users and groups alike.
    fn roles_are_given_and_taken_away(&self, roles: &RoleMappings) {
        let Self { scene, shop, manager, keeper } = self;
        scene.run(roles.add_realm(manager)).expect("an empty answer");
        scene.run(roles.add_realm(manager)).expect("an empty answer, also for what is there");
        let given = scene.run(roles.realm(Query::new())).expect("a list");
        assert!(names(&given).contains(&"manager") && !names(&given).contains(&"reader"), "{given}");
        let effective = scene.run(roles.effective_realm(Query::new())).expect("a list");
        assert!(
            names(&effective).contains(&"manager") && names(&effective).contains(&"reader"),
            "{effective}"
        );
        let available = scene.run(roles.available_realm()).expect("a list");
        assert!(
            names(&available).contains(&"reader") && !names(&available).contains(&"manager"),
            "{available}"
        );

        scene.run(roles.add_client(shop, keeper)).expect("an empty answer");
        assert_eq!(names(&scene.run(roles.client(shop)).expect("a list")), ["keeper"]);
        assert_eq!(names(&scene.run(roles.available_client(shop)).expect("a list")), ["buyer"]);
        let effective = scene.run(roles.effective_client(shop, Query::new())).expect("a list");
        assert!(names(&effective).contains(&"keeper") && names(&effective).contains(&"buyer"), "{effective}");

        let all = scene.run(roles.all()).expect("an object");
        assert!(names(&all["realmMappings"]).contains(&"manager"), "{all}");
        assert_eq!(names(&all["clientMappings"]["shop"]["mappings"]), ["keeper"]);

        scene.run(roles.remove_realm(manager)).expect("an empty answer");
        scene.run(roles.remove_client(shop, keeper)).expect("an empty answer");
        let given = scene.run(roles.realm(Query::new())).expect("a list");
        assert!(!names(&given).contains(&"manager"), "{given}");
        assert_eq!(scene.run(roles.client(shop)).expect("a list"), json!([]));
    }
}

/// Covers `assign_realm_roles`, `get_realm_roles_of_user`, `get_available_realm_roles_of_user`.
/// Covers `get_composite_realm_roles_of_user`, `delete_realm_roles_of_user`, `assign_client_role`.
/// Covers `get_client_roles_of_user`, `get_available_client_roles_of_user`, `get_composite_client_roles_of_user`.
/// Covers `delete_client_roles_of_user`, `get_all_roles_of_user`.
#[test]
fn roles_are_given_to_a_user_and_taken_away() {
    let Some(cast) = Cast::new() else { return };
    let alice = cast.scene.run(cast.scene.realm.users().id("alice")).expect("an answer").expect("alice");
    cast.roles_are_given_and_taken_away(&cast.scene.realm.user_roles(&alice));
}

/// Covers `assign_group_realm_roles`, `get_group_realm_roles`, `delete_group_realm_roles`.
/// Covers `assign_group_client_roles`, `get_group_client_roles`, `delete_group_client_roles`.
/// Covers `get_composite_client_roles_of_group`.
#[test]
fn roles_are_given_to_a_group_and_taken_away() {
    let Some(cast) = Cast::new() else { return };
    let staff =
        cast.scene.run(cast.scene.realm.groups().by_path("/staff")).expect("an answer").expect("a group");
    cast.roles_are_given_and_taken_away(&cast.scene.realm.group_roles(super::text(&staff, "id")));
}

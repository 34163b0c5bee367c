//! Organizations.

use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::{Scene, names, person, text};

/// A realm with organizations; `None` also where the server has none.
fn realm() -> Option<Scene> {
    let scene = Scene::new()?;
    if scene.is_before([26, 0, 0]) {
        let error =
            scene.run(scene.realm.organizations().list(Query::new()).all()).expect_err("there are none");
        assert!(error.is_not_found(), "{error}");
        return None;
    }
    scene.run(scene.realm.update(&json!({"organizationsEnabled": true}))).expect("a change");
    let members = json!({
        "ifResourceExists": "FAIL",
        "users": [person("alice"), person("bob")],
        "identityProviders": [{
            "alias": "corp", "providerId": "oidc", "enabled": true,
            "config": {
                "clientId": "a", "clientSecret": "b", "tokenUrl": "https://corp.example/t",
                "authorizationUrl": "https://corp.example/a",
            },
        }],
    });
    scene.run(scene.realm.partial_import(&members)).expect("an import");
    Some(scene)
}

/// Covers `create_organization`, `get_organization`, `get_organizations`, `update_organization`.
/// Covers `delete_organization`.
#[test]
fn organizations_come_change_and_go() {
    let Some(scene) = realm() else { return };
    let organizations = scene.realm.organizations();
    let acme = json!({"name": "acme", "alias": "acme", "domains": [{"name": "acme.example"}]});
    let id = scene.run(organizations.create(&acme)).expect("an id");
    let again = scene.run(organizations.create(&acme)).expect_err("it is there");
    assert!(again.is_conflict(), "{again}");
    for number in 0..12 {
        let name = format!("other-{number:02}");
        scene
            .run(
                organizations
                    .create(&json!({"name": name, "domains": [{"name": format!("{name}.example")}]})),
            )
            .expect("an id");
    }

    let mut read = scene.run(organizations.get(&id)).expect("it");
    read["description"] = "They make everything".into();
    scene.run(organizations.update(&id, &read)).expect("an empty answer");
    assert_eq!(scene.run(organizations.get(&id)).expect("it")["description"], "They make everything");
    // More than the ten that the server gives when it is not asked for a page.
    assert_eq!(scene.run(organizations.list(Query::new()).all()).expect("all").len(), 13);
    let found = scene
        .run(organizations.list(Query::new().with("search", "acme").with("exact", true)).all())
        .expect("one");
    assert_eq!(names(&Value::Array(found)), ["acme"]);

    scene.run(organizations.delete(&id)).expect("an empty answer");
    assert!(scene.run(organizations.get(&id)).expect_err("it is gone").is_not_found());
}

/// Covers `organization_user_add`, `organization_user_remove`, `get_organization_members`.
/// Covers `get_organization_members_count`, `get_user_organizations`.
#[test]
fn members_come_and_go() {
    let Some(scene) = realm() else { return };
    let organizations = scene.realm.organizations();
    let id = scene
        .run(organizations.create(&json!({"name": "acme", "domains": [{"name": "acme.example"}]})))
        .expect("an id");
    let user = |name: &str| scene.run(scene.realm.users().id(name)).expect("an answer").expect("a user");
    let (alice, bob) = (user("alice"), user("bob"));
    scene.run(organizations.add_member(&id, &alice)).expect("an empty answer");
    scene.run(organizations.add_member(&id, &bob)).expect("an empty answer");
    assert!(scene.run(organizations.add_member(&id, &bob)).expect_err("a member").is_conflict());

    let members = scene.run(organizations.members(&id, Query::new()).all()).expect("members");
    let found: Vec<&str> = members.iter().map(|member| text(member, "username")).collect();
    assert_eq!(found, ["alice", "bob"]);
    assert_eq!(scene.run(organizations.count_members(&id)).expect("a count"), 2);
    assert_eq!(names(&scene.run(organizations.of_user(&alice)).expect("a list")), ["acme"]);

    scene.run(organizations.remove_member(&id, &alice)).expect("an empty answer");
    assert_eq!(scene.run(organizations.count_members(&id)).expect("a count"), 1);
    assert_eq!(scene.run(organizations.of_user(&alice)).expect("a list"), json!([]));
}

/// Covers `organization_idp_add`, `get_organization_idps`, `organization_idp_remove`.
#[test]
fn identity_providers_come_and_go() {
    let Some(scene) = realm() else { return };
    let organizations = scene.realm.organizations();
    let id = scene
        .run(organizations.create(&json!({"name": "acme", "domains": [{"name": "acme.example"}]})))
        .expect("an id");
    scene.run(organizations.add_identity_provider(&id, "corp")).expect("an empty answer");
    let providers = scene.run(organizations.identity_providers(&id)).expect("a list");
    assert_eq!(providers[0]["alias"], "corp");
    scene.run(organizations.remove_identity_provider(&id, "corp")).expect("an empty answer");
    assert_eq!(scene.run(organizations.identity_providers(&id)).expect("a list"), json!([]));
}

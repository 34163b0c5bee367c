//! Component.

use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::Scene;

/// A directory that nobody answers for.
pub(super) fn directory() -> Value {
    json!({
        "name": "directory/ü;", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider",
        "config": {
            "enabled": ["true"], "vendor": ["other"], "editMode": ["READ_ONLY"], "connectionUrl": ["ldap://127.0.0.1:1"],
            "authType": ["simple"], "bindDn": ["cn=admin"], "bindCredential": ["bind-secret"], "usersDn": ["ou=people"],
            "usernameLDAPAttribute": ["uid"], "rdnLDAPAttribute": ["uid"], "uuidLDAPAttribute": ["entryUUID"],
            "userObjectClasses": ["person"],
        },
    })
}

/// Covers `create_component`, `get_component`, `get_components`, `update_component`, `delete_component`.
#[test]
fn a_component_is_made_found_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let components = scene.realm.components();
    let id = scene.run(components.create(&directory())).expect("a component");
    let query =
        Query::new().with("name", "directory/ü;").with("type", "org.keycloak.storage.UserStorageProvider");
    let found = scene.run(components.list(query)).expect("components");
    assert_eq!((found.as_array().map(Vec::len), &found[0]["id"]), (Some(1), &json!(id)));
    let mut change = scene.run(components.get(&id)).expect("the component");
    assert_eq!(change["config"]["bindCredential"], json!(["**********"]));

    change["config"]["usersDn"] = json!(["ou=staff"]);
    scene.run(components.update(&id, &change)).expect("a change");
    let found = scene.run(components.get(&id)).expect("the component");
    assert_eq!(found["config"]["usersDn"], json!(["ou=staff"]));

    let kinds = scene.run(components.kinds_below(&id, "org.keycloak.storage.ldap.mappers.LDAPStorageMapper"));
    let kinds = kinds.expect("kinds of mappers");
    assert!(kinds.as_array().expect("a list").iter().any(|kind| kind["id"] == "user-attribute-ldap-mapper"));

    scene.run(components.delete(&id)).expect("it goes");
    assert!(scene.run(components.get(&id)).expect_err("it is gone").is_not_found());
    let none = json!({"name": "x", "providerId": "none", "providerType": "org.keycloak.keys.KeyProvider"});
    let error = scene.run(components.create(&none)).expect_err("no such provider");
    assert_eq!(error.status(), Some(400));
}

/// Keycloak itself makes half of the change and answers 500.
#[test]
fn a_component_is_changed_by_a_part_of_it() {
    let Some(scene) = Scene::new() else { return };
    let components = scene.realm.components();
    let id = scene.run(components.create(&directory())).expect("a component");
    let part = json!({"name": "renamed", "config": {"usersDn": ["ou=staff"]}});
    scene.run(components.update(&id, &part)).expect("a change");
    let found = scene.run(components.get(&id)).expect("the component");
    assert_eq!((&found["name"], &found["providerId"]), (&json!("renamed"), &json!("ldap")));
    assert_eq!(found["config"]["usersDn"], json!(["ou=staff"]));
    assert_eq!(found["config"]["connectionUrl"], json!(["ldap://127.0.0.1:1"]));
}

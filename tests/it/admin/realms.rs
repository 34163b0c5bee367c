//! Realms Admin.

use serde_json::{Value, json};

use super::Scene;

fn names(realms: &Value) -> Vec<&str> {
    realms.as_array().expect("a list").iter().filter_map(|realm| realm["realm"].as_str()).collect()
}

/// Covers `create_realm`, `import_realm`, `get_realms`, `get_realm`, `update_realm`, `delete_realm`.
#[test]
fn a_realm_of_any_name_is_made_changed_renamed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let realms = scene.admin.realms();
    let name = format!("{} % ü 100%41", scene.name);
    let representation = json!({
        "realm": name, "enabled": true, "displayName": "first",
        "roles": {"realm": [{"name": "reader"}]}, "groups": [{"name": "staff"}],
    });
    assert_eq!(scene.run(realms.create(&representation)).expect("a realm"), name);
    let error = scene.run(realms.create(&representation)).expect_err("it is there");
    assert!(error.is_conflict(), "{error}");
    let other = json!({"realm": name, "displayName": "second"});
    assert_eq!(scene.run(realms.create_if_absent(&other)).expect("no error"), name);
    let all = scene.run(realms.list()).expect("realms");
    assert!(names(&all).contains(&name.as_str()));

    let realm = scene.admin.realm(&name);
    let found = scene.run(realm.get()).expect("the realm");
    assert_eq!((&found["displayName"], &found["accessTokenLifespan"]), (&json!("first"), &json!(300)));
    let renamed = format!("{name}-renamed");
    let change = json!({"realm": renamed, "accessTokenLifespan": 60});
    scene.run(realm.update(&change)).expect("a change");
    assert!(scene.run(realm.get()).expect_err("the old name").is_not_found());
    let realm = scene.admin.realm(&renamed);
    let found = scene.run(realm.get()).expect("the realm");
    assert_eq!((&found["displayName"], &found["accessTokenLifespan"]), (&json!("first"), &json!(60)));

    scene.run(realm.delete()).expect("it goes");
    assert!(scene.run(realm.get()).expect_err("it is gone").is_not_found());
}

/// Covers `export_realm`, `partial_import_realm`.
#[test]
fn what_is_imported_in_part_is_in_the_export() {
    let Some(scene) = Scene::new() else { return };
    let role = json!({"name": "a/b;c%", "description": "imported"});
    let members = json!({"ifResourceExists": "FAIL", "roles": {"realm": [role]}});
    let report = scene.run(scene.realm.partial_import(&members)).expect("an import");
    assert_eq!((&report["added"], &report["skipped"]), (&json!(1), &json!(0)));
    let error = scene.run(scene.realm.partial_import(&members)).expect_err("it is there");
    let expected = if scene.is_before([25, 0, 0]) { 500 } else { 409 };
    assert_eq!(error.status(), Some(expected), "{error}");
    let skipping = json!({"ifResourceExists": "SKIP", "roles": members["roles"]});
    let report = scene.run(scene.realm.partial_import(&skipping)).expect("an import");
    assert_eq!((&report["added"], &report["skipped"]), (&json!(0), &json!(1)));

    let bare = scene.run(scene.realm.export(false, false)).expect("an export");
    assert!(bare.get("clients").is_none_or(Value::is_null), "clients were not asked for");
    let whole = scene.run(scene.realm.export(true, true)).expect("an export");
    let roles = whole["roles"]["realm"].as_array().expect("roles");
    assert!(roles.iter().any(|role| role["name"] == "a/b;c%" && role["description"] == "imported"));
    assert!(
        whole["clients"].as_array().expect("clients").iter().any(|client| client["clientId"] == "account")
    );
}

/// Covers `clear_keys_cache`, `clear_realm_cache`, `clear_user_cache`.
#[test]
fn caches_are_cleared_and_the_realm_is_still_there() {
    let Some(scene) = Scene::new() else { return };
    scene.run(scene.realm.clear_keys_cache()).expect("an empty answer");
    scene.run(scene.realm.clear_realm_cache()).expect("an empty answer");
    scene.run(scene.realm.clear_user_cache()).expect("an empty answer");
    assert_eq!(scene.run(scene.realm.get()).expect("the realm")["realm"], json!(scene.name));
    let error = scene.run(scene.admin.realm("no such realm").clear_keys_cache()).expect_err("no such realm");
    assert!(error.is_not_found(), "{error}");
}

#[test]
fn sessions_are_ended_one_by_one_or_all_at_once() {
    let user = json!({
        "username": "alice", "enabled": true, "email": "alice@example.org", "emailVerified": true,
        "firstName": "Alice", "lastName": "Example",
        "credentials": [{"type": "password", "value": "alice-password", "temporary": false}],
    });
    let Some(scene) = Scene::with(&json!({"users": [user]})) else { return };
    let login = || {
        let form = [("client_id", "admin-cli"), ("grant_type", "password"), ("username", "alice")];
        let (status, answer) = scene.token_endpoint(&[&form[..], &[("password", "alice-password")]].concat());
        assert_eq!(status, 200, "{answer}");
        answer
    };
    let refresh = |login: &Value| {
        let token = login["refresh_token"].as_str().expect("a refresh token");
        let form = [("client_id", "admin-cli"), ("grant_type", "refresh_token"), ("refresh_token", token)];
        scene.token_endpoint(&form).0
    };
    let (first, second) = (login(), login());

    let session = first["session_state"].as_str().expect("a session");
    scene.run(scene.realm.end_session(session, false)).expect("it ends");
    assert_eq!((refresh(&first), refresh(&second)), (400, 200));
    let error = scene.run(scene.realm.end_session(session, false)).expect_err("it has ended");
    assert!(error.is_not_found(), "{error}");

    let reached = scene.run(scene.realm.logout_all()).expect("all end");
    assert!(reached.is_object());
    assert_eq!(refresh(&second), 400);
    assert!(scene.run(scene.realm.push_revocation()).expect("a push").is_object());
}

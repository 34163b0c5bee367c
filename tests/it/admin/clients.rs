//! Clients.

use gatecloak::connection::{Body, Method, Query, Request};
use serde_json::{Value, json};

use super::Scene;

/// Covers `create_client`, `get_client`, `get_client_id`, `update_client`, `delete_client`.
#[test]
fn a_client_of_any_name_is_made_found_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let name = "shop/ä; 50%#?+&";
    let id = scene.run(clients.create(&json!({"clientId": name, "name": "first"}))).expect("a client");
    let error = scene.run(clients.create(&json!({"clientId": name}))).expect_err("it is there");
    assert!(error.is_conflict(), "{error}");
    assert_eq!(scene.run(clients.create_if_absent(&json!({"clientId": name}))).expect("its id"), id);
    assert_eq!(scene.run(clients.id(name)).expect("an answer"), Some(id.clone()));
    assert_eq!(scene.run(clients.id("shop")).expect("an answer"), None);
    assert_eq!(scene.run(clients.find(name)).expect("an answer").expect("the client")["name"], "first");

    let changes = json!({"description": "second", "redirectUris": ["https://shop.example/*"]});
    scene.run(clients.update(&id, &changes)).expect("a change");
    let client = scene.run(clients.get(&id)).expect("the client");
    assert_eq!((&client["name"], &client["description"]), (&json!("first"), &json!("second")));
    assert_eq!(client["redirectUris"], json!(["https://shop.example/*"]));

    scene.run(clients.delete(&id)).expect("it goes");
    assert!(scene.run(clients.get(&id)).expect_err("it is gone").is_not_found());
    let other = scene.run(clients.create_if_absent(&json!({"clientId": name}))).expect("a client");
    assert_ne!(other, id);
}

/// The server makes a public client with direct access grants of a body like this.
#[test]
fn a_client_that_names_its_protocol_only_is_not_public() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let client = json!({"clientId": "shop", "protocol": "openid-connect"});
    let id = scene.run(clients.create(&client)).expect("a client");
    let client = scene.run(clients.get(&id)).expect("the client");
    assert_eq!(
        (&client["publicClient"], &client["directAccessGrantsEnabled"]),
        (&json!(false), &json!(false))
    );

    let client = json!({"clientId": "app", "protocol": "openid-connect", "publicClient": true});
    let id = scene.run(clients.create(&client)).expect("a client");
    assert_eq!(scene.run(clients.get(&id)).expect("the client")["publicClient"], true);
}

/// Keycloak itself ends the authorization services of a client that is changed without naming them.
#[test]
fn an_update_keeps_authorization_settings_mappers_and_secret() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let client = json!({"clientId": "shop", "authorizationServicesEnabled": true, "secret": "shop-secret"});
    let id = scene.run(clients.create(&client)).expect("a client with a service account");
    let resources = clients.authorization(&id).resources();
    scene.run(resources.create(&json!({"name": "orders"}))).expect("a resource");
    scene.run(clients.mappers(&id).create(&mapper("department"))).expect("a mapper");

    let changes =
        json!({"name": "Shop", "authorizationServicesEnabled": null, "attributes": {"colour": "red"}});
    scene.run(clients.update(&id, &changes)).expect("a change");
    scene.run(clients.update(&id, &json!({"attributes": {"colour": null, "size": "1"}}))).expect("a change");
    let client = scene.run(clients.get(&id)).expect("the client");
    assert_eq!(client["authorizationServicesEnabled"], true);
    let mappers = client["protocolMappers"].as_array().expect("a list");
    assert!(mappers.iter().any(|mapper| mapper["name"] == "department"));
    assert_eq!((&client["name"], &client["secret"]), (&json!("Shop"), &json!("shop-secret")));
    assert_eq!((&client["attributes"]["size"], &client["attributes"]["colour"]), (&json!("1"), &Value::Null));
    assert!(scene.run(resources.find("orders")).expect("an answer").is_some());

    scene.run(clients.update(&id, &json!({"authorizationServicesEnabled": false}))).expect("an end");
    assert!(scene.run(resources.find("orders")).expect_err("all is gone").is_not_found());
    scene.run(clients.update(&id, &json!({"authorizationServicesEnabled": true}))).expect("a new beginning");
    assert!(scene.run(resources.find("orders")).expect("an answer").is_none());
}

/// Covers `get_clients`.
#[test]
fn clients_are_listed_over_more_than_two_pages() {
    let many: Vec<Value> = (0..205).map(|number| json!({"clientId": format!("many-{number}")})).collect();
    let Some(scene) = Scene::with(&json!({"clients": many})) else { return };
    let clients = scene.run(scene.realm.clients().list(Query::new()).all()).expect("clients");
    let mut names: Vec<&str> = clients.iter().filter_map(|client| client["clientId"].as_str()).collect();
    names.retain(|name| name.starts_with("many-"));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 205);
    let query = Query::new().with("clientId", "many-").with("search", true).with("max", 3);
    assert_eq!(scene.run(scene.realm.clients().list(query).all()).expect("a page").len(), 3);
}

/// Covers `get_client_secrets`, `generate_client_secrets`.
#[test]
fn a_secret_is_read_and_made_anew() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    let old = scene.run(clients.secret(&id)).expect("a secret");
    let new = scene.run(clients.generate_secret(&id)).expect("a secret");
    assert!(old["value"].is_string() && new["value"].is_string() && old["value"] != new["value"]);
    assert_eq!(scene.run(clients.secret(&id)).expect("the secret"), new);
    let error = scene.run(clients.rotated_secret(&id)).expect_err("the realm does not rotate secrets");
    assert!(error.is_not_found(), "{error}");
    scene.run(clients.delete_rotated_secret(&id)).expect("there is none");
}

/// Covers `get_client_service_account_user`, `get_client_installation_provider`.
#[test]
fn a_client_has_a_user_and_a_text_for_its_adapter() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    let error = scene.run(clients.service_account_user(&id)).expect_err("it has none");
    assert_eq!(error.status(), Some(400));
    scene.run(clients.update(&id, &json!({"serviceAccountsEnabled": true}))).expect("a change");
    let user = scene.run(clients.service_account_user(&id)).expect("a user");
    assert_eq!(user["username"], "service-account-shop");

    let file = scene.run(clients.installation(&id, "keycloak-oidc-keycloak-json")).expect("JSON");
    assert_eq!(file.value()["resource"], "shop");
    let saml = scene.run(clients.create(&json!({"clientId": "saml", "protocol": "saml"}))).expect("a client");
    let file = scene.run(clients.installation(&saml, "saml-sp-descriptor")).expect("XML");
    assert!(file.value().as_str().expect("a text").contains("EntityDescriptor"));
    assert!(scene.run(clients.installation(&id, "no/such")).expect_err("there is none").is_not_found());
}

/// Covers `get_client_default_client_scopes`, `add_client_default_client_scope`, `delete_client_default_client_scope`,
/// `get_client_optional_client_scopes`, `add_client_optional_client_scope`, `delete_client_optional_client_scope`.
#[test]
fn a_client_is_given_scopes() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    let orders = json!({"name": "orders", "protocol": "openid-connect"});
    let scope = scene.run(scene.realm.client_scopes().create(&orders)).expect("a scope");
    let has = |list: &Value| list.as_array().expect("a list").iter().any(|item| item["id"] == scope.as_str());

    scene.run(clients.add_default_scope(&id, &scope)).expect("it is given");
    assert!(has(&scene.run(clients.default_scopes(&id)).expect("scopes")));
    scene.run(clients.remove_default_scope(&id, &scope)).expect("it is taken");
    assert!(!has(&scene.run(clients.default_scopes(&id)).expect("scopes")));

    scene.run(clients.add_optional_scope(&id, &scope)).expect("it is given");
    assert!(has(&scene.run(clients.optional_scopes(&id)).expect("scopes")));
    scene.run(clients.remove_optional_scope(&id, &scope)).expect("it is taken");
    assert!(!has(&scene.run(clients.optional_scopes(&id)).expect("scopes")));
}

/// Covers `get_client_all_sessions`, `get_client_sessions_stats`.
#[test]
fn sessions_of_users_at_a_client_are_listed_and_counted() {
    let user = json!({
        "username": "alice", "enabled": true, "email": "alice@example.com", "firstName": "A", "lastName": "L",
        "credentials": [{"type": "password", "value": "alice-password"}],
        "realmRoles": ["offline_access"],
    });
    let Some(scene) = Scene::with(&json!({"users": [user]})) else { return };
    let clients = scene.realm.clients();
    let client = json!({"clientId": "app", "publicClient": true, "directAccessGrantsEnabled": true});
    let id = scene.run(clients.create(&client)).expect("a client");
    assert_eq!(scene.run(clients.count_sessions(&id)).expect("a number"), 0);
    for scope in ["openid", "offline_access"] {
        let form = [
            ("grant_type", "password"),
            ("client_id", "app"),
            ("username", "alice"),
            ("password", "alice-password"),
            ("scope", scope),
        ];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let path = format!("realms/{}/protocol/openid-connect/token", scene.name);
        let request = Request::new(Method::Post, path).body(Body::Form(form));
        let answer = scene.run(scene.admin.session().connection().send(&request)).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.value());
    }

    let sessions = scene.run(clients.sessions(&id).all()).expect("sessions");
    assert!(!sessions.is_empty() && sessions.iter().all(|session| session["username"] == "alice"));
    let number = scene.run(clients.count_sessions(&id)).expect("a number");
    assert_eq!(number, u64::try_from(sessions.len()).expect("a number"));
    let offline = scene.run(clients.offline_sessions(&id).all()).expect("sessions");
    assert_eq!((offline.len(), &offline[0]["username"]), (1, &json!("alice")));
    assert_eq!(scene.run(clients.count_offline_sessions(&id)).expect("a number"), 1);
    let stats = scene.run(clients.session_stats()).expect("numbers");
    let own = stats.as_array().expect("a list").iter().find(|item| item["clientId"] == "app");
    let own = own.expect("those of the client");
    assert_eq!((&own["active"], &own["offline"]), (&json!(number.to_string()), &json!("1")));
}

/// Covers `get_client_management_permissions`, `update_client_management_permissions`.
#[test]
fn permissions_of_the_first_version_are_refused_with_where_they_went() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let id = scene.run(clients.create(&json!({"clientId": "shop"}))).expect("a client");
    if scene.is_before([26, 2, 0]) {
        // There they are, but off; Keycloak answers 500 to whoever switches them on.
        let read = scene.run(clients.management_permissions(&id)).expect("an answer");
        assert_eq!(read["enabled"], false);
        let written = scene.run(clients.update_management_permissions(&id, &json!({"enabled": true})));
        assert!(written.expect_err("they are off").status().is_some_and(|status| status >= 500));
        return;
    }
    let read = scene.run(clients.management_permissions(&id)).expect_err("they are off");
    let written = scene.run(clients.update_management_permissions(&id, &json!({"enabled": true})));
    for error in [read, written.expect_err("they are off")] {
        assert_eq!(error.status(), Some(501));
        assert!(
            error.message().contains("hint: ") && error.message().contains("admin-permissions"),
            "{error}"
        );
    }
}

/// A mapper that gives a claim the value of itself.
pub(super) fn mapper(name: &str) -> Value {
    json!({
        "name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
        "config": {
            "claim.name": "kind", "claim.value": name, "jsonType.label": "String", "access.token.claim": "true",
        },
    })
}

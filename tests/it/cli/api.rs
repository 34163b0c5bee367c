//! `gatecloak api` through scripts, against the real server.

use serde_json::{Value, json};

use super::driver::Driver;
use crate::admin::Scene;

/// Covers `raw_get`, `raw_post`, `raw_put`, `raw_delete`, `get_token`, `refresh_token`, `get_current_realm`,
/// `change_current_realm`, `ConnectionManager.raw_get`, `ConnectionManager.raw_post`, `ConnectionManager.raw_put`,
/// `ConnectionManager.raw_delete`, `ConnectionManager.add_param_headers`, `ConnectionManager.exist_param_headers`,
/// `ConnectionManager.param_headers`, `ConnectionManager.del_param_headers`, `ConnectionManager.clean_headers`.
#[test]
fn a_script_of_more_than_a_hundred_calls_is_answered_in_order() {
    let Some(scene) = Scene::new() else { return };
    let mut driver = Driver::start();
    driver.admin(&format!("{}/", scene.url), &scene.name);
    realm(&mut driver, &scene.name);
    users_and_groups(&mut driver, &scene.name);
    roles_and_clients(&mut driver, &scene.name);
    properties(&mut driver, &scene);
    realms_in_use(&mut driver, &scene.name);
    dead_tokens(&mut driver, &scene.name);
    mistakes(&mut driver, &scene);
    connection(&mut driver, &scene);
    let calls = driver.end();
    assert!(calls >= 100, "only {calls} calls");
}

fn realm(driver: &mut Driver, realm: &str) {
    let path = format!("admin/realms/{realm}");
    let (status, body) = driver.raw("get", &path, &Value::Null);
    assert_eq!((status, &body["realm"]), (200, &json!(realm)));
    let (status, body) = driver.raw("put", &path, &json!({"displayName": "Shop"}));
    assert_eq!((status, body), (204, json!("")));
    assert_eq!(driver.raw("get", &path, &Value::Null).1["displayName"], "Shop");
    let keys = driver.ok("get_keys", &json!({}));
    assert!(keys["active"]["RS256"].is_string());
    assert_eq!(driver.ok("clear_all_bruteforce_attempts", &json!({})), json!({}));
}

fn users_and_groups(driver: &mut Driver, realm: &str) {
    let path = format!("admin/realms/{realm}");
    let mut users = Vec::new();
    for name in ["ann", "bob", "cid", "dan", "eve"] {
        let user = json!({"username": name, "enabled": true, "email": format!("{name}@example.org")});
        // A text is sent as it is.
        let answer =
            driver.ok("raw_post", &json!({"path": format!("{path}/users"), "data": user.to_string()}));
        assert_eq!((&answer["status_code"], &answer["body"]), (&json!(201), &json!("")));
        let location = answer["location"].as_str().expect("a location").to_owned();
        // The address of what was made can be called as it is.
        let (status, body) = driver.raw("get", &location, &Value::Null);
        assert_eq!((status, &body["username"]), (200, &json!(name)));
        users.push(body["id"].as_str().expect("an id").to_owned());
    }
    let query = json!({"path": format!("{path}/users"), "query": {"search": "ann", "exact": true, "first": 0, "max": null}});
    let found = driver.ok("raw_get", &query);
    assert_eq!(found["body"].as_array().expect("a list").len(), 1);
    let status = driver.ok("get_bruteforce_detection_status", &json!({"user_id": users[0]}));
    assert_eq!(status["numFailures"], 0);
    assert_eq!(driver.ok("clear_bruteforce_attempts_for_user", &json!({"user_id": users[0]})), json!({}));
    let (status, body) = driver.raw("post", &format!("{path}/users"), &json!({"username": "ann"}));
    assert_eq!((status, body), (409, json!({"errorMessage": "User exists with same username"})));

    assert_eq!(driver.raw("post", &format!("{path}/groups"), &json!({"name": "staff"})).0, 201);
    let groups = driver.raw("get", &format!("{path}/groups"), &Value::Null).1;
    let group = groups[0]["id"].as_str().expect("an id").to_owned();
    for user in &users {
        let (status, body) = driver.raw("put", &format!("{path}/users/{user}/groups/{group}"), &Value::Null);
        assert_eq!((status, body), (204, json!("")));
    }
    let members = driver.raw("get", &format!("{path}/groups/{group}/members"), &Value::Null).1;
    assert_eq!(members.as_array().expect("members").len(), users.len());
    for user in users.iter().skip(1) {
        assert_eq!(driver.raw("delete", &format!("{path}/users/{user}"), &Value::Null).0, 204);
    }
    assert_eq!(driver.raw("get", &format!("{path}/users/count"), &Value::Null), (200, json!(1)));
}

fn roles_and_clients(driver: &mut Driver, realm: &str) {
    let path = format!("admin/realms/{realm}");
    for (name, encoded) in
        [("clerk", "clerk"), ("a/b", "a%2Fb"), ("two; words", "two%3B%20words"), ("é", "%C3%A9")]
    {
        assert_eq!(driver.raw("post", &format!("{path}/roles"), &json!({"name": name})).0, 201);
        let one = format!("{path}/roles/{encoded}");
        assert_eq!(driver.raw("get", &one, &Value::Null).1["name"], name);
        assert_eq!(driver.raw("put", &one, &json!({"name": name, "description": "d"})).0, 204);
        assert_eq!(driver.raw("delete", &one, &Value::Null).0, 204);
        assert_eq!(driver.raw("get", &one, &Value::Null).0, 404);
    }
    let client =
        json!({"clientId": "app", "publicClient": false, "secret": "s", "serviceAccountsEnabled": true});
    assert_eq!(driver.raw("post", &format!("{path}/clients"), &client).0, 201);
    let found =
        driver.ok("raw_get", &json!({"path": format!("{path}/clients"), "query": {"clientId": "app"}}));
    let id = found["body"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        driver.raw("get", &format!("{path}/clients/{id}/client-secret"), &Value::Null).1["value"],
        "s"
    );
    assert_eq!(
        driver
            .raw(
                "post",
                &format!("{path}/client-scopes"),
                &json!({"name": "extra", "protocol": "openid-connect"})
            )
            .0,
        201
    );
    let scopes = driver.raw("get", &format!("{path}/client-scopes"), &Value::Null).1;
    let scopes = scopes.as_array().expect("scopes");
    let scope = scopes.iter().find(|scope| scope["name"] == "extra").expect("the scope")["id"].clone();
    let scope = scope.as_str().expect("an id");
    let assigned = format!("{path}/clients/{id}/optional-client-scopes/{scope}");
    assert_eq!(driver.raw("put", &assigned, &json!({})).0, 204);
    assert_eq!(driver.raw("delete", &assigned, &Value::Null).0, 204);
}

fn properties(driver: &mut Driver, scene: &Scene) {
    for (property, value) in [
        ("server_url", json!(format!("{}/", scene.url))),
        ("realm_name", json!(scene.name)),
        ("user_realm_name", json!("master")),
        ("client_id", json!("admin-cli")),
        ("client_secret_key", Value::Null),
        ("verify", json!(true)),
        ("totp", Value::Null),
        ("connection", json!("<ConnectionManager>")),
        ("auto_refresh_token", json!([])),
        ("custom_headers", Value::Null),
        ("PAGE_SIZE", json!(100)),
    ] {
        assert_eq!(driver.get(property), value, "{property}");
    }
    assert!(driver.get("username").is_string() && driver.get("password").is_string());
    assert!(driver.get("token")["access_token"].is_string());
    let realm = format!("admin/realms/{}", scene.name);
    // Each holds from the next call on, and the token stays.
    for (property, value) in [
        ("server_url", json!(scene.url)),
        ("verify", json!(false)),
        ("custom_headers", json!({"X-Team": "a"})),
        ("auto_refresh_token", json!(["get", "delete"])),
        ("totp", json!("1")),
        ("totp", Value::Null),
    ] {
        let token = driver.get("token");
        driver.set(property, &value);
        assert_eq!(driver.get(property), value, "{property}");
        assert_eq!(driver.raw("get", &realm, &Value::Null).0, 200, "{property}");
        assert_eq!(driver.get("token"), token, "{property}");
    }
    driver.set("custom_headers", &Value::Null);
    // A header field of one's own stands in place of the login's.
    driver.set("custom_headers", &json!({"Authorization": "Bearer nonsense"}));
    assert_eq!(driver.raw("get", &realm, &Value::Null).0, 401);
    driver.set("custom_headers", &Value::Null);
    assert_eq!(driver.raw("get", &realm, &Value::Null).0, 200);
    driver.set("server_url", &json!("http://127.0.0.1:9"));
    assert_eq!(driver.error("raw_get", &json!({"path": realm})).0, "KeycloakConnectionError");
    driver.set("server_url", &json!(scene.url));
}

fn realms_in_use(driver: &mut Driver, realm: &str) {
    assert_eq!(driver.ok("get_current_realm", &json!({})), json!(realm));
    let keys = driver.ok("get_keys", &json!({}));
    assert_eq!(driver.ok("change_current_realm", &json!({"realm_name": "master"})), Value::Null);
    assert_eq!(driver.get("realm_name"), "master");
    assert_ne!(driver.ok("get_keys", &json!({})), keys);
    driver.set("realm_name", &json!("no such realm"));
    assert_eq!(driver.error("get_keys", &json!({})).0, "KeycloakGetError");
    // The login stays where it was.
    assert_eq!(driver.ok("refresh_token", &json!({})), Value::Null);
    assert_eq!(driver.ok("get_token", &json!({})), Value::Null);
    driver.set("realm_name", &json!(realm));
    assert_eq!(driver.ok("get_keys", &json!({})), keys);
}

fn dead_tokens(driver: &mut Driver, realm: &str) {
    let roles = format!("admin/realms/{realm}/roles");
    let calls = [
        ("raw_post", json!({"path": roles, "data": {"name": "r"}}), "post"),
        ("raw_get", json!({"path": format!("{roles}/r")}), "get"),
        ("raw_put", json!({"path": format!("{roles}/r"), "data": {"name": "r"}}), "put"),
        ("raw_delete", json!({"path": format!("{roles}/r")}), "delete"),
    ];
    for (method, args, verb) in &calls {
        driver.set("auto_refresh_token", &json!([]));
        driver.break_token();
        assert_eq!(driver.ok(method, args)["status_code"], 401, "{verb}");
        assert_eq!(driver.error("get_keys", &json!({})).0, "KeycloakAuthenticationError");
        driver.set("auto_refresh_token", &json!([verb]));
        let status = driver.ok(method, args)["status_code"].as_u64();
        assert!(status.is_some_and(|status| status < 300), "{verb}: {status:?}");
    }
    driver.break_token();
    assert_eq!(driver.ok("refresh_token", &json!({})), Value::Null);
    assert!(driver.ok("get_keys", &json!({})).is_object());
    driver.break_token();
    assert_eq!(driver.ok("get_token", &json!({})), Value::Null);
    assert!(driver.ok("get_keys", &json!({})).is_object());
}

fn mistakes(driver: &mut Driver, scene: &Scene) {
    assert_eq!(driver.line(b"not JSON")["error"]["class"], "Other:InvalidJson");
    assert_eq!(driver.line(b"")["error"]["class"], "Other:InvalidJson");
    assert_eq!(driver.error("get_everything", &json!({})).0, "Other:UnknownMethod");
    assert_eq!(driver.error("get_bruteforce_detection_status", &json!({})).0, "Other:Argument");
    assert_eq!(driver.error("get_bruteforce_detection_status", &json!({"user_id": 7})).0, "Other:Argument");
    let realm = driver.get("realm_name");
    driver.set("realm_name", &json!("no such realm"));
    let (class, status, text) = driver.error("get_keys", &json!({}));
    assert_eq!((class.as_str(), status, text.as_str()), ("KeycloakGetError", json!(404), "Realm not found."));
    driver.set("realm_name", &realm);
    let wrong_password = if scene.is_before([26, 6, 0]) { 401 } else { 400 };
    for (change, class, status) in [
        (json!({"password": "wrong"}), "KeycloakAuthenticationError", json!(wrong_password)),
        (json!({"user_realm_name": "no such realm"}), "KeycloakPostError", json!(404)),
        (json!({"client_id": "nobody"}), "KeycloakAuthenticationError", json!(401)),
        (json!({"server_url": "http://127.0.0.1:9/"}), "KeycloakConnectionError", Value::Null),
        (json!({"auto_refresh_token": "get"}), "Other:TypeError", Value::Null),
        (json!({"verify": "/no/such/file"}), "KeycloakConnectionError", Value::Null),
    ] {
        let mut args =
            json!({"server_url": driver.get("server_url"), "username": "admin", "password": "admin"});
        for (name, value) in change.as_object().expect("an object") {
            args[name.as_str()] = value.clone();
        }
        let answer = driver.ask(&json!({"op": "new", "handle": "b", "class": "KeycloakAdmin", "args": args}));
        let error = &answer["error"];
        assert_eq!((&error["class"], &error["response_code"]), (&json!(class), &status), "{change}");
    }
}

fn connection(driver: &mut Driver, scene: &Scene) {
    let args = json!({"base_url": scene.url, "headers": {}, "timeout": 20});
    let made = driver.ask(&json!({"op": "new", "handle": "c", "class": "ConnectionManager", "args": args}));
    assert_eq!(made, json!({"ok": null}));
    let mut call = |method: &str, args: Value| {
        let answer = driver.ask(&json!({"op": "call", "handle": "c", "method": method, "args": args}));
        answer.get("ok").unwrap_or_else(|| panic!("{method}: {answer}")).clone()
    };
    let path = "realms/master/protocol/openid-connect/token";
    let form = json!({"grant_type": "client_credentials", "client_id": "nobody", "client_secret": "x"});
    let refused = call("raw_post", json!({"path": path, "data": form}));
    assert_eq!((&refused["status_code"], &refused["body"]["error"]), (&json!(401), &json!("invalid_client")));
    let admin = format!("admin/realms/{}", scene.name);
    assert_eq!(call("raw_get", json!({"path": admin}))["status_code"], 401);
    let token = scene.run(scene.admin.session().access_token()).expect("a token");
    let bearer = format!("Bearer {}", secrecy::ExposeSecret::expose_secret(&token));
    call("add_param_headers", json!({"key": "Authorization", "value": bearer}));
    assert_eq!(call("exist_param_headers", json!({"key": "Authorization"})), json!(true));
    assert_eq!(call("raw_get", json!({"path": admin}))["body"]["realm"], json!(scene.name));
    call("add_param_headers", json!({"key": "Content-Type", "value": "application/json"}));
    let role = json!({"path": format!("{admin}/roles"), "data": {"name": "made"}});
    assert_eq!(call("raw_post", role)["status_code"], 201);
    let text = json!({"path": format!("{admin}/roles/made"), "data": "{\"name\": \"made\", \"description\": \"d\"}"});
    assert_eq!(call("raw_put", text)["status_code"], 204);
    assert_eq!(call("raw_delete", json!({"path": format!("{admin}/roles/made")}))["status_code"], 204);
    assert_eq!(call("param_headers", json!({"key": "Content-Type"})), json!("application/json"));
    assert_eq!(call("del_param_headers", json!({"key": "Content-Type"})), Value::Null);
    assert_eq!(call("param_headers", json!({"key": "Content-Type"})), Value::Null);
    call("clean_headers", json!({}));
    assert_eq!(call("raw_get", json!({"path": admin}))["status_code"], 401);
}

/// The same things by the methods of python-keycloak, as a script that is moved over has them.
#[test]
fn a_script_with_the_names_of_python_keycloak_gets_its_answers() {
    let Some(scene) = Scene::new() else { return };
    let mut driver = Driver::start();
    driver.admin(&scene.url, &scene.name);
    let d = &mut driver;
    let empty = json!({});

    let ann = d.ok("create_user", &json!({"payload": {"username": "ann", "enabled": true}}));
    assert_eq!(d.ok("create_user", &json!({"payload": {"username": "ann"}, "exist_ok": true})), ann);
    assert_eq!(d.error("create_user", &json!({"payload": {"username": "ann"}})).0, "KeycloakPostError");
    assert_eq!(d.ok("get_user_id", &json!({"username": "ann"})), ann);
    assert_eq!(d.ok("get_user_id", &json!({"username": "nobody"})), Value::Null);
    assert_eq!(d.ok("users_count", &empty), json!(1));
    assert_eq!(d.ok("update_user", &json!({"user_id": ann, "payload": {"firstName": "Ann"}})), empty);
    assert_eq!(d.ok("get_user", &json!({"user_id": ann}))["firstName"], "Ann");
    let password = json!({"user_id": ann, "password": "p", "temporary": false});
    assert_eq!(d.ok("set_user_password", &password), empty);
    assert_eq!(d.ok("get_users", &json!({"query": {"username": "ann"}})).as_array().expect("users").len(), 1);

    let staff = d.ok("create_group", &json!({"payload": {"name": "staff"}}));
    let child = d.ok("create_group", &json!({"payload": {"name": "night"}, "parent": staff}));
    assert_eq!(
        d.ok("create_group", &json!({"payload": {"name": "staff"}, "skip_exists": true})),
        Value::Null
    );
    assert_eq!(d.ok("group_user_add", &json!({"user_id": ann, "group_id": child})), empty);
    let by_path = json!({"path": "/staff/night", "search_in_subgroups": true});
    assert_eq!(d.ok("get_group_by_path", &by_path)["id"], child);
    assert_eq!(d.ok("get_group_members", &json!({"group_id": child}))[0]["id"], ann);
    assert_eq!(d.ok("group_user_remove", &json!({"user_id": ann, "group_id": child})), empty);
    assert_eq!(d.ok("delete_group", &json!({"group_id": staff})), empty);
    assert_eq!(d.error("get_group", &json!({"group_id": child})).1, 404);

    assert_eq!(d.ok("create_realm_role", &json!({"payload": {"name": "clerk"}})), "clerk");
    let role = d.ok("get_realm_role", &json!({"role_name": "clerk"}));
    assert_eq!(d.ok("assign_realm_roles", &json!({"user_id": ann, "roles": [role]})), empty);
    assert_eq!(d.ok("get_realm_role_members", &json!({"role_name": "clerk"}))[0]["id"], ann);
    assert_eq!(d.ok("delete_realm_role", &json!({"role_name": "clerk"})), empty);

    let app = d.ok("create_client", &json!({"payload": {"clientId": "app", "protocol": "openid-connect"}}));
    assert_eq!(d.ok("create_client", &json!({"payload": {"clientId": "app"}, "skip_exists": true})), app);
    assert_eq!(d.ok("get_client_id", &json!({"client_id": "app"})), app);
    assert_eq!(d.ok("get_client", &json!({"client_id": app}))["publicClient"], false);
    assert_eq!(
        d.ok("create_client_role", &json!({"client_role_id": app, "payload": {"name": "buyer"}})),
        "buyer"
    );
    assert_eq!(d.ok("get_client_role", &json!({"client_id": app, "role_name": "buyer"}))["clientRole"], true);
    let scope = json!({"payload": {"name": "extra", "protocol": "openid-connect"}});
    let scope = d.ok("create_client_scope", &scope);
    assert_eq!(d.ok("get_client_scope", &json!({"client_scope_id": scope}))["name"], "extra");
    assert_eq!(d.ok("delete_client_scope", &json!({"client_scope_id": scope})), empty);
    assert_eq!(d.ok("delete_client", &json!({"client_id": app})), empty);
    assert_eq!(d.ok("delete_user", &json!({"user_id": ann})), empty);
    assert_eq!(d.error("delete_user", &json!({"user_id": ann})).0, "KeycloakDeleteError");
    assert!(driver.end() > 35);
}

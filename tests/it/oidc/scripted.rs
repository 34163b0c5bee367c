//! `KeycloakOpenID` and `KeycloakUMA` through `gatecloak api`, as a child process.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Scene, text};
use crate::keycloak::keycloak;

/// The answers to these requests, in order.
fn run(requests: &[Value]) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
        .arg("api")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command");
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    child.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("its output");
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .expect("text")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), requests.len());
    answers
}

fn call(method: &str, args: Value) -> Value {
    json!({"op": "call", "handle": "h", "method": method, "args": args})
}

fn new(class: &str, scene: &Scene) -> Value {
    json!({"op": "new", "handle": "h", "class": class, "args": {
        "server_url": scene.url, "realm_name": scene.name, "client_id": "shop", "client_secret_key": "shop-secret",
    }})
}

/// Covers `KeycloakOpenID.token`, `KeycloakOpenID.has_uma_access`, `KeycloakOpenID.decode_token`, `KeycloakOpenID.get_policies`.
#[test]
fn a_script_for_python_keycloak_finds_the_same_names_and_values() {
    let Some(scene) = Scene::new() else { return };
    let server = keycloak().expect("a server");
    let clients = server.admin.get(&format!("/{}/clients?clientId=shop", scene.name));
    let path = format!("/{}/clients/{}/authz/resource-server/settings", scene.name, text(&clients[0], "id"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(&file, server.admin.get(&path).to_string()).expect("written");
    let tokens = scene.tokens(&scene.public, "alice");
    let (token, own) = (text(&tokens, "access_token"), scene.tokens(&scene.shop, "alice"));
    let key = scene.run(scene.shop.public_key()).expect("a key");
    let set = scene.run(scene.shop.certs()).expect("keys");
    let decode = |key: &Value, options: Value| {
        call("decode_token", json!({"token": token, "key": key, "options": options}))
    };
    let requests = [
        new("KeycloakOpenID", &scene),
        call("token", json!({"username": "alice", "password": "alice"})),
        call("token", json!({"grant_type": ["client_credentials"]})),
        call("token", json!({"username": "alice", "password": "wrong"})),
        call(
            "token",
            json!({"grant_type": "password", "extra": {"username": "x"}, "scope": "no-such-scope"}),
        ),
        call("refresh_token", json!({"refresh_token": own["refresh_token"]})),
        call("userinfo", json!({"token": token})),
        call("introspect", json!({"token": token})),
        call("introspect", json!({"token": token, "token_type_hint": "requesting_party_token"})),
        decode(&json!(key), json!({})),
        decode(&set, json!({"verify_aud": false})),
        decode(&Value::Null, json!({})),
        decode(&json!("no key"), json!({})),
        call("load_authorization_config", json!({"path": file.path()})),
        call("get_policies", json!({"token": token})),
        call("get_permissions", json!({"token": token, "method_token_info": "decode", "key": key})),
        call("uma_permissions", json!({"token": token, "permissions": "Doc#read"})),
        call(
            "has_uma_access",
            json!({"token": token, "permissions": {"$uma": {"resource": "Doc", "scope": "write"}}}),
        ),
        call("has_uma_access", json!({"token": "nonsense", "permissions": ["Doc"]})),
        call(
            "exchange_token",
            json!({"token": token, "client_id": "shop", "audience": "shop", "subject": "alice"}),
        ),
        call(
            "exchange_token",
            json!({"token": token, "client_id": "shop", "audience": "shop", "subject": "bob"}),
        ),
        call("auth_url", json!({"redirect_uri": "http://localhost:1/a b"})),
        call("logout", json!({"refresh_token": own["refresh_token"]})),
        call("logout", json!({"refresh_token": "nonsense"})),
        call("refresh_token", json!({"refresh_token": own["refresh_token"]})),
        call("token", json!({"grant_type": ["authorization_code"], "code": "nonsense"})),
        call("entitlement", json!({"token": token, "resource_server_id": "shop"})),
        call("device", json!({})),
        json!({"op": "get", "handle": "h", "property": "client_id"}),
        json!({"op": "set", "handle": "h", "property": "client_secret_key", "value": "wrong"}),
        call("introspect", json!({"token": token})),
        json!({"op": "pure", "function": "build_permission_param", "args": {"permissions": {"a": "b"}}}),
    ];
    let mut answers = run(&requests).into_iter();
    let mut next = || answers.next().expect("an answer");
    let failed =
        |answer: &Value| (text(&answer["error"], "class"), answer["error"]["response_code"].as_u64());
    assert_eq!(next(), json!({"ok": null}));
    assert!(next()["ok"]["id_token"].is_string());
    assert!(next()["ok"]["access_token"].is_string());
    assert_eq!(failed(&next()).0, "KeycloakAuthenticationError");
    assert_eq!(failed(&next()), ("KeycloakPostError".to_owned(), Some(400)));
    assert!(next()["ok"]["refresh_token"].is_string());
    assert_eq!(next()["ok"]["preferred_username"], "alice");
    assert_eq!(next()["ok"]["active"], true);
    assert_eq!(failed(&next()), ("KeycloakRPTNotFound".to_owned(), None));
    for _ in 0..3 {
        assert_eq!(next()["ok"]["azp"], "public");
    }
    assert_eq!(next()["error"]["reason"], "signature");
    assert_eq!(next(), json!({"ok": null}));
    let policies = next();
    assert_eq!(policies["ok"][0]["roles"], json!([{"name": "shop/manager", "required": true}]));
    assert_eq!(next()["ok"].as_array().map(Vec::len), Some(2));
    assert_eq!(next()["ok"][0]["scopes"], json!(["read"]));
    let refused = json!({"is_logged_in": true, "is_authorized": false, "truth": false, "missing_permissions": ["Doc#write"]});
    assert_eq!(next(), json!({"ok": refused}));
    assert_eq!(next()["ok"]["is_logged_in"], false);
    let exchanged = next();
    if scene.is_before([26, 2, 0]) {
        assert_eq!(
            failed(&exchanged),
            ("KeycloakPostError".to_owned(), Some(400)),
            "no standard exchange yet"
        );
    } else {
        assert!(exchanged["ok"]["access_token"].is_string());
    }
    assert_eq!(failed(&next()), ("KeycloakPostError".to_owned(), Some(400)));
    assert!(text(&next(), "ok").contains("redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fa+b&scope=email&state="));
    assert_eq!(next(), json!({"ok": {}}));
    for _ in 0..3 {
        assert_eq!(failed(&next()), ("KeycloakPostError".to_owned(), Some(400)));
    }
    assert_eq!(failed(&next()).0, "KeycloakDeprecationError");
    assert!(next()["ok"]["user_code"].is_string());
    assert_eq!(next(), json!({"ok": "shop"}));
    assert_eq!(next(), json!({"ok": null}));
    assert_eq!(failed(&next()), ("KeycloakAuthenticationError".to_owned(), Some(401)));
    assert_eq!(next(), json!({"ok": ["a#b"]}));
}

/// Covers `KeycloakUMA.resource_set_list_ids`, `KeycloakUMA.permissions_check`, `KeycloakUMA.policy_query`.
#[test]
fn a_script_manages_resources() {
    let Some(scene) = Scene::new() else { return };
    let token = scene.token("alice");
    let doc = json!({"$uma": {"resource": "Doc", "scope": "read"}});
    let answers = run(&[
        new("KeycloakUMA", &scene),
        call("resource_set_create", json!({"payload": {"name": "New", "resource_scopes": ["read"]}})),
        call("resource_set_list_ids", json!({"name": "New", "exact_name": true})),
        call("resource_set_list", json!({})),
        call("permission_ticket_create", json!({"permissions": [doc]})),
        call("permissions_check", json!({"token": token, "permissions": [doc]})),
        call("permissions_check", json!({"token": token, "permissions": [doc, "Doc#write"]})),
        call("policy_query", json!({"resource": "", "first": 0, "maximum": -1})),
        json!({"op": "get", "handle": "h", "property": "uma_well_known"}),
        call("resource_set_read", json!({"resource_id": "nowhere"})),
    ]);
    assert_eq!(answers[2]["ok"], json!([answers[1]["ok"]["_id"]]));
    assert_eq!(answers[3]["ok"].as_array().map(Vec::len), Some(4));
    assert!(answers[4]["ok"]["ticket"].is_string());
    assert_eq!((&answers[5]["ok"], &answers[6]["ok"]), (&json!(true), &json!(false)));
    assert_eq!(answers[7], json!({"ok": []}));
    assert!(answers[8]["ok"]["permission_endpoint"].is_string());
    assert_eq!(answers[9]["error"]["class"], "KeycloakGetError");
}

use serde_json::{Map, Value, json};

use super::OpenId;
use crate::cli::api::args::Args;

fn members(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn openid() -> OpenId {
    let args = json!({
        "server_url": "http://127.0.0.1:1/", "realm_name": "shop", "client_id": "web", "client_secret_key": "secret",
    });
    OpenId::new(Args::new(&members(args))).unwrap()
}

fn call(openid: &mut OpenId, method: &str, args: Value) -> Result<Value, Value> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(openid.call(method, Args::new(&members(args)))).map_err(|failure| failure.answer())
}

#[test]
fn properties_are_read_and_set() {
    let mut openid = openid();
    assert_eq!(openid.get("connection").unwrap(), "<ConnectionManager>");
    assert_eq!(openid.get("authorization").unwrap(), json!({"policies": {}}));
    for (property, value) in [
        ("client_id", json!("other")),
        ("realm_name", json!("there")),
        ("client_secret_key", json!("new")),
        ("client_secret_key", Value::Null),
        ("connection", json!("<ConnectionManager>")),
    ] {
        openid.set(property, &value).unwrap();
        assert_eq!(openid.get(property).unwrap(), value);
    }
    assert!(openid.set("client_id", &json!(5)).is_err() && openid.get("secret").is_err());
}

#[test]
fn settings_are_loaded_from_a_file_and_can_be_set_back() {
    let mut openid = openid();
    let file = tempfile::NamedTempFile::new().unwrap();
    let policy = json!({"name": "p", "type": "role", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
        "config": {"roles": "[{\"id\":\"web/r\",\"required\":true}]"}});
    std::fs::write(&file, json!({"policies": [policy]}).to_string()).unwrap();
    let path = file.path().to_str().unwrap();
    assert_eq!(call(&mut openid, "load_authorization_config", json!({"path": path})), Ok(Value::Null));
    let loaded = openid.get("authorization").unwrap();
    assert_eq!(
        loaded,
        json!({"policies": {"p": {"name": "p", "type": "role", "logic": "POSITIVE",
        "decision_strategy": "UNANIMOUS", "roles": [{"name": "web/r", "required": true}], "permissions": []}}})
    );
    openid.set("authorization", &Value::Null).unwrap();
    openid.set("authorization", &loaded).unwrap();
    assert_eq!(openid.get("authorization").unwrap(), loaded);
    let error =
        call(&mut openid, "load_authorization_config", json!({"path": "/nowhere/at/all"})).unwrap_err();
    assert_eq!(error["class"], "Other:FileNotFoundError");
}

#[test]
fn what_needs_no_server_says_so_without_one() {
    let mut openid = openid();
    let class = |openid: &mut OpenId, method: &str, args: Value| {
        call(openid, method, args).unwrap_err()["class"].as_str().unwrap().to_owned()
    };
    let hint = json!({"token": "t", "token_type_hint": "requesting_party_token"});
    assert_eq!(class(&mut openid, "introspect", hint), "KeycloakRPTNotFound");
    assert_eq!(class(&mut openid, "get_policies", json!({"token": "t"})), "KeycloakAuthorizationConfigError");
    let decoded = json!({"token": "t", "method_token_info": "decode", "key": "k"});
    assert_eq!(class(&mut openid, "get_permissions", decoded), "KeycloakAuthorizationConfigError");
    let wrong = json!({"token": "t", "permissions": [1]});
    assert_eq!(class(&mut openid, "has_uma_access", wrong), "KeycloakPermissionFormatError");
    assert_eq!(class(&mut openid, "nothing", json!({})), "Other:UnknownMethod");
    assert_eq!(class(&mut openid, "certs", json!({})), "KeycloakConnectionError");
    let method = json!({"code_verifier": "v", "method": "S512"});
    assert_eq!(class(&mut openid, "generate_code_challenge", method), "Other:ValueError");
    let made = call(&mut openid, "generate_code_verifier", json!({})).unwrap();
    assert_eq!(made.as_str().unwrap().len(), 128);
    let plain =
        call(&mut openid, "generate_code_challenge", json!({"code_verifier": "v", "method": "plain"}));
    assert_eq!(plain, Ok(json!(["v", "plain"])));
}

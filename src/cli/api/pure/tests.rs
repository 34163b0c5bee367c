use serde_json::{Value, json};

use super::call;
use crate::cli::api::args::Args;

fn pure(function: &str, args: Value) -> Result<Value, Value> {
    call(function, Args::new(args.as_object().unwrap())).map_err(|failure| failure.answer()["class"].clone())
}

fn uma(resource: &str, scope: &str) -> Value {
    json!({"$uma": {"resource": resource, "scope": scope}})
}

#[test]
fn permissions_are_built_from_every_shape() {
    let build = |permissions: Value| pure("build_permission_param", json!({"permissions": permissions}));
    assert_eq!(build(Value::Null), Ok(json!([])));
    assert_eq!(build(uma("Doc", "read")), Ok(json!(["Doc#read"])));
    assert_eq!(build(json!([uma("", "read"), "Doc"])), Ok(json!(["#read", "Doc"])));
    assert_eq!(build(json!({"b": ["y", "x"], "a": null})), Ok(json!(["a", "b#x", "b#y"])));
    assert_eq!(build(json!({"a": [uma("b", "")]})), Err(json!("KeycloakPermissionFormatError")));
}

#[test]
fn permissions_are_called_on_one_another() {
    let chain = |chain: Value| pure("uma_permission", json!({"chain": chain}));
    assert_eq!(chain(json!([uma("Doc", ""), uma("", "read")])), Ok(json!("Doc#read")));
    assert_eq!(chain(json!([uma("Doc", "read"), {"scope": "write"}])), Ok(json!("Doc#write")));
    assert_eq!(chain(json!([{"permission": uma("A", ""), "resource": "B", "scope": "s"}])), Ok(json!("A#s")));
    assert_eq!(chain(json!([uma("Doc", ""), "read"])), Err(json!("PermissionDefinitionError")));
}

#[test]
fn errors_statuses_roles_and_policies_are_as_they_were() {
    assert_eq!(
        pure("error_text", json!({"error_message": "no", "response_code": 404})),
        Ok(json!("404: no"))
    );
    assert_eq!(pure("error_text", json!({"error_message": "no"})), Ok(json!("no")));
    let bases = pure("error_bases", json!({"class": "KeycloakGetError"}));
    assert_eq!(bases, Ok(json!(["KeycloakOperationError", "KeycloakError", "Exception"])));
    let status = json!({"is_logged_in": true, "is_authorized": false, "missing_permissions": ["b", "a"]});
    assert_eq!(
        pure("auth_status", status),
        Ok(
            json!({"is_logged_in": true, "is_authorized": false, "truth": false, "missing_permissions": ["a", "b"]})
        )
    );
    assert_eq!(pure("role_equals", json!({"name": "a", "other": "a"})), Ok(json!(true)));
    assert_eq!(pure("role_equals", json!({"role": {"name": "a"}, "other": {"name": "b"}})), Ok(json!(false)));
    let policy =
        |kind: &str| json!({"policy": {"name": "p", "type": kind}, "role": {"name": "r", "required": true}});
    let added = pure("policy_add_role", policy("role")).unwrap();
    assert_eq!(added["roles"], json!([{"name": "r", "required": true}]));
    assert_eq!(pure("policy_add_role", policy("time")), Err(json!("KeycloakAuthorizationConfigError")));
    assert_eq!(pure("nothing", json!({})), Err(json!("Other:UnknownMethod")));
}

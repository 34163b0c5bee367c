use serde_json::{Value, json};

use super::Authorization;
use crate::connection::ErrorClass;

fn entry(name: &str, kind: &str, config: Value) -> Value {
    json!({"name": name, "type": kind, "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS", "config": config})
}

/// With all that python-keycloak's own loader dies on.
fn settings() -> Value {
    json!({"resources": [], "scopes": [], "policies": [
        entry("by name", "resource", json!({"resources": "[\"Orders\"]", "applyPolicies": "[\"managers\", \"readers\"]"})),
        entry("managers", "role", json!({"fetchRoles": "false", "roles": "[{\"id\":\"shop/manager\",\"required\":true},{\"id\":\"boss\"}]"})),
        entry("readers", "role", json!({"roles": "[{\"id\":\"shop/reader\",\"required\":false}]"})),
        entry("at night", "time", json!({"hour": "1"})),
        entry("view", "scope", json!({"scopes": "[\"view\"]", "applyPolicies": "[\"readers\",\"at night\",\"gone\"]"})),
        entry("open", "scope", json!({"scopes": "[\"edit\"]"})),
        entry("typed", "resource", json!({"defaultResourceType": "urn:x"})),
    ]})
}

fn claims(roles: &[&str]) -> Value {
    json!({"resource_access": {"shop": {"roles": roles}}})
}

#[test]
fn an_export_is_read_in_any_order_and_with_everything_left_out_that_may_be() {
    let authorization = Authorization::parse(settings().to_string().as_bytes()).unwrap();
    let names: Vec<&String> = authorization.policies().keys().collect();
    assert_eq!(names, ["managers", "readers"]);
    let managers = &authorization.policies()["managers"];
    assert_eq!(managers.to_string(), "Policy: managers (role)");
    assert!(
        managers.roles()[0].required
            && managers.roles()[0] == *"shop/manager"
            && !managers.roles()[1].required
    );
    let readers: Vec<String> =
        authorization.policies()["readers"].permissions().iter().map(ToString::to_string).collect();
    assert_eq!(readers, ["Permission: by name (resource)", "Permission: view (scope)"]);
    let client = json!({"clientId": "shop", "authorizationSettings": settings()});
    assert_eq!(Authorization::parse(client.to_string().as_bytes()), Ok(authorization));
}

#[test]
fn policies_and_permissions_are_those_that_name_a_role_of_the_client() {
    let authorization = Authorization::parse(settings().to_string().as_bytes()).unwrap();
    let both = authorization.policies_of("shop", &claims(&["manager", "reader"])).unwrap().unwrap();
    assert_eq!(both.len(), 2);
    let permissions = authorization.permissions_of("shop", &claims(&["manager", "reader"])).unwrap().unwrap();
    let names: Vec<&str> = permissions.iter().map(|permission| permission.name.as_str()).collect();
    assert_eq!(names, ["by name", "view"]);
    assert_eq!(authorization.policies_of("shop", &claims(&["boss"])).unwrap(), Some(vec![]));
    assert_eq!(authorization.policies_of("other", &claims(&["manager"])).unwrap(), None);
    assert_eq!(authorization.policies_of("shop", &json!({})).unwrap(), None);
}

#[test]
fn without_settings_there_is_no_answer() {
    let error = Authorization::default().policies_of("shop", &claims(&["manager"])).unwrap_err();
    assert_eq!(error.class(), ErrorClass::AuthorizationConfig);
    for wrong in ["", "[]", "{}", r#"{"policies": {}}"#, r#"{"policies": [{"name": "x"}]}"#] {
        assert!(Authorization::parse(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn a_policy_of_another_type_takes_no_role() {
    let mut policy = super::Policy::new("at night", "time", "POSITIVE", "UNANIMOUS");
    let error = policy.add_role(super::Role::new("shop/reader")).unwrap_err();
    assert_eq!(error.class(), ErrorClass::AuthorizationConfig);
}

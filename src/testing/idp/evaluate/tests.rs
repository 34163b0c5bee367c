use serde_json::json;

use super::*;

fn settings(policies: Value) -> AuthorizationSettings {
    serde_json::from_value(json!({
        "policyEnforcementMode": "ENFORCING",
        "decisionStrategy": "UNANIMOUS",
        "scopes": [{ "name": "view" }, { "name": "edit" }],
        "resources": [{ "name": "doc", "type": "paper", "scopes": [{ "name": "view" }, { "name": "edit" }] }],
        "policies": policies,
    }))
    .unwrap()
}

fn role(name: &str, role: &str, logic: &str) -> Value {
    let roles = json!([{ "id": role, "required": true }]).to_string();
    json!({ "name": name, "type": "role", "logic": logic, "config": { "roles": roles } })
}

fn permission(kind: &str, config: &[(&str, Value)], strategy: &str) -> Value {
    let config: Map<_, _> =
        config.iter().map(|(key, value)| ((*key).to_owned(), json!(value.to_string()))).collect();
    json!({ "name": format!("{kind} {}", config.len()), "type": kind, "decisionStrategy": strategy, "config": config })
}

/// The scopes granted of view and edit to somebody with the role `yes` and the groups `/a/b`.
fn decide(settings: &AuthorizationSettings) -> Result<Option<Vec<String>>, Failed> {
    let claims =
        json!({ "realm_access": { "roles": ["yes"] }, "azp": "web", "scope": "email", "groups": ["/a/b"] });
    let claims = claims.as_object().unwrap();
    let evaluation = Evaluation { settings, claims, username: Some("alice"), groups: &[] };
    evaluation.decide(settings.resources.first(), &["view".to_owned(), "edit".to_owned()])
}

fn granted(policies: Value) -> Option<Vec<String>> {
    decide(&settings(policies)).unwrap()
}

#[test]
fn a_resource_without_permission_is_refused_and_under_permissive_granted() {
    assert_eq!(granted(json!([])), None);
    let mut settings = settings(json!([]));
    settings.policy_enforcement_mode = "PERMISSIVE".to_owned();
    assert_eq!(decide(&settings).unwrap().unwrap().len(), 2);
}

#[test]
fn resource_permission_grants_every_scope_and_scope_permission_its_own() {
    let by_resource =
        permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", json!(["p"]))], "");
    assert_eq!(granted(json!([role("p", "yes", "POSITIVE"), by_resource])).unwrap(), ["view", "edit"]);
    let by_scope = permission(
        "scope",
        &[("resources", json!(["doc"])), ("scopes", json!(["view"])), ("applyPolicies", json!(["p"]))],
        "",
    );
    assert_eq!(granted(json!([role("p", "yes", "POSITIVE"), by_scope])).unwrap(), ["view"]);
}

#[test]
fn scope_permission_without_resource_counts_for_all_of_them() {
    let open = permission("scope", &[("scopes", json!(["edit"])), ("applyPolicies", json!(["p"]))], "");
    assert_eq!(granted(json!([role("p", "yes", "POSITIVE"), open])).unwrap(), ["edit"]);
}

#[test]
fn permission_by_type_counts() {
    let mut typed = permission("resource", &[("applyPolicies", json!(["p"]))], "");
    typed["config"]["defaultResourceType"] = json!("paper");
    assert_eq!(granted(json!([role("p", "yes", "POSITIVE"), typed.clone()])).unwrap(), ["view", "edit"]);
    typed["config"]["defaultResourceType"] = json!("stone");
    assert_eq!(granted(json!([role("p", "yes", "POSITIVE"), typed])), None);
}

#[test]
fn negative_logic_turns_a_policy_round() {
    let by_resource =
        permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", json!(["p"]))], "");
    assert_eq!(granted(json!([role("p", "yes", "NEGATIVE"), by_resource])), None);
    let by_resource =
        permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", json!(["p"]))], "");
    assert!(granted(json!([role("p", "no", "NEGATIVE"), by_resource])).is_some());
}

#[test]
fn strategies_differ_where_policies_disagree() {
    let with = |strategy: &str, applied: Value| {
        let by_resource =
            permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", applied)], strategy);
        let policies =
            [role("p", "yes", "POSITIVE"), role("q", "no", "POSITIVE"), role("r", "yes", "POSITIVE")];
        let mut policies = policies.to_vec();
        policies.push(by_resource);
        granted(Value::Array(policies)).is_some()
    };
    assert!(!with("UNANIMOUS", json!(["p", "q"])));
    assert!(with("AFFIRMATIVE", json!(["p", "q"])));
    assert!(!with("CONSENSUS", json!(["p", "q"])), "a tie denies");
    assert!(with("CONSENSUS", json!(["p", "q", "r"])));
}

#[test]
fn group_user_client_scope_and_client_policies_count() {
    let policy = |kind: &str, key: &str, value: Value| {
        let mut policy = json!({ "name": "p", "type": kind, "config": { key: value.to_string() } });
        if kind == "group" {
            policy["config"]["groupsClaim"] = json!("groups");
        }
        let by_resource =
            permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", json!(["p"]))], "");
        granted(json!([policy, by_resource])).is_some()
    };
    assert!(policy("group", "groups", json!([{ "path": "/a", "extendChildren": true }])));
    assert!(!policy("group", "groups", json!([{ "path": "/a", "extendChildren": false }])));
    assert!(policy("user", "users", json!(["alice"])));
    assert!(!policy("user", "users", json!(["bob"])));
    assert!(policy("client", "clients", json!(["web"])));
    assert!(!policy("client", "clients", json!(["other"])));
    assert!(policy("client-scope", "clientScopes", json!([{ "id": "email", "required": true }])));
    assert!(!policy("client-scope", "clientScopes", json!([{ "id": "phone" }])));
}

#[test]
fn what_cannot_be_evaluated_fails_as_a_whole() {
    let by_resource =
        permission("resource", &[("resources", json!(["doc"])), ("applyPolicies", json!(["p"]))], "");
    let script = json!({ "name": "p", "type": "js", "config": {} });
    assert!(decide(&settings(json!([script, by_resource.clone()]))).is_err());
    let circle = json!({ "name": "p", "type": "aggregate", "config": { "applyPolicies": "[\"p\"]" } });
    assert!(decide(&settings(json!([circle, by_resource]))).is_err());
}

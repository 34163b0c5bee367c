use serde_json::json;

use super::*;

fn settings(value: Value) -> Map<String, Value> {
    object(value)
}

/// Keycloak 26.0 takes policies that are there into its import, and leaves them as they are.
#[test]
fn policies_that_are_there_are_not_left_to_the_import() {
    let there = settings(json!({
        "policyEnforcementMode": "ENFORCING",
        "policies": [
            {"name": "kept", "type": "role", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS", "config": {}},
            {"name": "drifted", "type": "role", "logic": "NEGATIVE", "decisionStrategy": "CONSENSUS",
             "description": "As it was", "config": {"roles": "[{\"id\":\"reader\",\"required\":false}]"}},
        ],
    }));
    let wanted = settings(json!({"policies": [
        {"name": "kept", "type": "role"},
        {"name": "drifted", "type": "role"},
        {"name": "new", "type": "role"},
    ]}));
    let plan = AuthorizationPlan::between(&there, &wanted);
    assert_eq!(plan.import["policies"], json!([{"name": "new", "type": "role"}]));
    let drifted = json!({
        "name": "drifted", "type": "role", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
        "description": "As it was", "config": {"roles": "[{\"id\":\"reader\",\"required\":false}]"},
    });
    assert_eq!(plan.policies, [object(drifted)]);
    let paths: Vec<&str> = plan.changes().iter().map(|change| change.path.as_str()).collect();
    let place = "authorizationSettings.policies";
    let expected = ["drifted.decisionStrategy", "drifted.logic", "new"].map(|path| format!("{place}.{path}"));
    assert_eq!(paths, expected);
}

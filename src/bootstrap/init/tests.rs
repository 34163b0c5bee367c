use super::*;

fn needed(members: Value) -> Vec<String> {
    let mut content = json!({"realm": "r"});
    content.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    rights(&Desired::read(&content).unwrap()).into_keys().collect()
}

#[test]
fn a_client_takes_the_rights_over_clients_and_no_others() {
    assert_eq!(needed(json!({"clients": [{"client_id": "a"}]})), ["manage-clients", "view-clients"]);
}

#[test]
fn each_kind_of_thing_adds_its_own() {
    let has = |members: Value, role: &str| needed(members).iter().any(|own| own == role);
    let settings = json!({"clients": [{"client_id": "a", "authorization_settings": {"resources": []}}]});
    assert!(has(settings, "manage-authorization"));
    assert!(has(json!({"groups": [{"path": "/a"}]}), "manage-users"));
    assert!(!has(json!({"groups": [{"path": "/a"}]}), "view-realm"));
    assert!(has(json!({"groups": [{"path": "/a", "roles": {"realm_roles": ["x"]}}]}), "view-realm"));
    let role = json!([{"name": "r", "composites": {"realm_roles": ["x"]}}]);
    assert!(has(json!({"clients": [{"client_id": "a", "roles": role}]}), "manage-realm"));
    assert!(has(json!({"realm_roles": [{"name": "x"}]}), "manage-realm"));
    assert!(has(json!({"clients": [{"client_id": "a", "default_roles": ["x"]}]}), "manage-realm"));
}

#[test]
fn a_role_over_the_realm_that_is_given_away_is_had() {
    let account = json!({"client_roles": {"realm-management": ["view-events"]}});
    let clients = json!({"clients": [{"client_id": "a", "service_account": account}]});
    assert!(needed(clients).contains(&"view-events".to_owned()));
}

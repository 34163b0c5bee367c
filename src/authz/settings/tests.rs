use super::{DecisionStrategy, Logic, PolicyEnforcementMode, Settings};

const EXPORT: &str = r#"{
  "allowRemoteResourceManagement": true,
  "policyEnforcementMode": "PERMISSIVE",
  "resources": [
    {"name": "Orders", "type": "urn:shop:order", "ownerManagedAccess": false, "displayName": "O", "attributes": {"a": ["b"]},
     "uris": ["/orders/*"], "scopes": [{"name": "view", "displayName": "V"}, {"name": "edit"}], "icon_uri": ""},
    {"name": "Photo", "ownerManagedAccess": true, "owner": {"name": "alice"}, "uris": []}
  ],
  "policies": [
    {"name": "managers", "description": "", "type": "role", "logic": "NEGATIVE", "decisionStrategy": "CONSENSUS",
     "config": {"roles": "[{\"id\":\"manager\",\"required\":false}]"}},
    {"name": "see", "type": "scope", "config": {"applyPolicies": "[\"managers\"]", "scopes": "[\"view\"]"}}
  ],
  "scopes": [{"name": "view"}, {"name": "edit", "iconUri": ""}],
  "decisionStrategy": "AFFIRMATIVE",
  "fromTheFuture": {"x": 1}
}"#;

#[test]
fn export_is_read_as_written() {
    let settings = Settings::parse(EXPORT.as_bytes()).unwrap();
    assert_eq!(settings.policy_enforcement_mode, PolicyEnforcementMode::Permissive);
    assert_eq!(settings.decision_strategy, DecisionStrategy::Affirmative);
    assert!(settings.allow_remote_resource_management);
    let [orders, photo] = &settings.resources[..] else { panic!() };
    assert_eq!((orders.name.as_str(), orders.kind.as_deref()), ("Orders", Some("urn:shop:order")));
    assert_eq!(orders.scopes[1].name, "edit");
    assert!(orders.owner.is_none() && photo.owner_managed_access);
    assert_eq!(photo.owner.as_ref().unwrap().name.as_deref(), Some("alice"));
    let [managers, see] = &settings.policies[..] else { panic!() };
    assert_eq!((managers.logic, managers.decision_strategy), (Logic::Negative, DecisionStrategy::Consensus));
    assert_eq!(managers.config["roles"], r#"[{"id":"manager","required":false}]"#);
    assert_eq!(
        (see.kind.as_str(), see.logic, see.decision_strategy),
        ("scope", Logic::Positive, DecisionStrategy::Unanimous)
    );
}

#[test]
fn absent_members_are_the_safe_ones() {
    let settings = Settings::parse(br#"{"resources": []}"#).unwrap();
    assert_eq!(settings.policy_enforcement_mode, PolicyEnforcementMode::Enforcing);
    assert_eq!(settings.decision_strategy, DecisionStrategy::Unanimous);
}

#[test]
fn settings_inside_a_client_are_read() {
    let client = format!(r#"{{"clientId": "shop", "authorizationSettings": {EXPORT}}}"#);
    assert_eq!(Settings::parse(client.as_bytes()).unwrap().resources.len(), 2);
}

#[test]
fn errors_say_where() {
    let error = Settings::parse(b"{\n  \"resources\": [{\"name\": 1}]\n}").unwrap_err();
    assert!(error.contains("line 2 column"), "{error}");
    let error =
        Settings::parse(b"{\"authorizationSettings\":\n{\"policyEnforcementMode\": \"LAX\"}}").unwrap_err();
    assert!(error.contains("`LAX`") && error.contains("line 2"), "{error}");
    let error = Settings::parse(b"{\n").unwrap_err();
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn object_of_another_kind_is_an_error() {
    for json in ["{}", r#"{"realm": "shop", "clients": []}"#, r#"{"paths": []}"#, "[]", "1"] {
        assert!(Settings::parse(json.as_bytes()).is_err(), "{json}");
    }
}

use super::KeycloakVersion::{Current, Other, V26_4};
use super::{ClientFacts, KeycloakVersion, Promises, ResourceId};

#[test]
fn versions_are_those_whose_rules_are_known() {
    for (text, version) in [
        ("26.7.3", Current),
        ("26.8.0", Current),
        ("27.0.1", Current),
        ("26.4.5", V26_4),
        ("26.4", V26_4),
        ("26.5.0", Other),
        ("25.0.6", Other),
        ("", Other),
        ("latest", Other),
    ] {
        assert_eq!(KeycloakVersion::parse(text), version, "{text}");
    }
}

#[test]
fn what_keycloak_lists_is_read_with_more_members_than_are_known() {
    let id: ResourceId = serde_json::from_str(r#"{"_id": "1", "name": "a", "owner": "rs", "x": 1}"#).unwrap();
    assert_eq!((id.id.as_str(), id.name.as_str(), id.owner.as_str()), ("1", "a", "rs"));
    let client: ClientFacts = serde_json::from_str(r#"{"public": true}"#).unwrap();
    assert_eq!(client.public, Some(true));
    assert_eq!(serde_json::from_str::<ClientFacts>("{}").unwrap().public, None);
    assert!(!serde_json::from_str::<Promises>("{}").unwrap().groups_claim_complete);
}

use bytes::Bytes;

use super::*;

fn export(settings: &str) -> AuthorizationExport {
    AuthorizationExport {
        settings: Bytes::copy_from_slice(settings.as_bytes()),
        client: "1".to_owned(),
        resources: Vec::new(),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    Fingerprint::of(&export(one)).unwrap() == Fingerprint::of(&export(other)).unwrap()
}

#[test]
fn order_of_lists_says_nothing() {
    let one = r#"{"scopes":[{"name":"a"},{"name":"b"}],"policies":[{"config":{"roles":"[{\"id\":\"x\"},{\"id\":\"y\"}]"}}]}"#;
    let other = r#"{"policies":[{"config":{"roles":"[{\"id\":\"y\"},{\"id\":\"x\"}]"}}],"scopes":[{"name":"b"},{"name":"a"}]}"#;
    assert!(is_same(one, other));
}

#[test]
fn every_text_counts() {
    let one = r#"{"policies":[{"config":{"roles":"[\"x\"]"}}]}"#;
    assert!(!is_same(one, r#"{"policies":[{"config":{"roles":"[\"y\"]"}}]}"#));
    assert!(!is_same(one, r#"{"policies":[{"config":{"roles":"[\"x\",\"x\"]"}}]}"#));
    let mut other = export(one);
    other.client = "2".to_owned();
    assert!(Fingerprint::of(&export(one)).unwrap() != Fingerprint::of(&other).unwrap());
}

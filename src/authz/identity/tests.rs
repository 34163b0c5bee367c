use super::{Attribute, Identity, Subject};
use crate::authz::surroundings::{ResourceServer, Surroundings};

fn identity(json: &str) -> Identity {
    Identity::from_claims(json.as_bytes()).unwrap()
}

fn texts(json: &str, claim: &str) -> Vec<String> {
    match identity(json).attribute(claim) {
        Attribute::Texts(texts) => texts.into_iter().map(|text| text.into_owned()).collect(),
        Attribute::Absent => Vec::new(),
        Attribute::Unsure => panic!("unsure"),
    }
}

fn surroundings() -> Surroundings {
    Surroundings {
        resource_server: Some(ResourceServer { client_id: "rs".to_owned(), id: String::new() }),
        user_ids: [("ann".to_owned(), "id-of-ann".to_owned())].into(),
        ..Surroundings::default()
    }
}

#[test]
fn claims_become_texts() {
    for (value, expected) in [
        (r#""a""#, vec!["a"]),
        (r#""""#, vec![]),
        ("1.50", vec!["1.50"]),
        ("1e3", vec!["1e3"]),
        ("true", vec!["true"]),
        ("false", vec!["false"]),
        ("null", vec![]),
        ("[]", vec![]),
        (r#"["a", 1, null, false, {"x": 1}, [2], ""]"#, vec!["a", "1", "null", "false", "", "", ""]),
        (
            r#"{"b": 1.0, "a": {"n": null, "l": [null, 1]}, "z": null}"#,
            vec![r#"{"b":1.0,"a":{"l":[null,1]}}"#],
        ),
        ("{}", vec!["{}"]),
    ] {
        assert_eq!(texts(&format!(r#"{{"c": {value}}}"#), "c"), expected, "{value}");
    }
    assert!(texts("{}", "c").is_empty());
}

#[test]
fn roles_are_sets_to_keycloak_and_nothing_else_of_their_objects_is_kept() {
    let realm =
        r#"{"realm_access": {"extra": 1, "verify_caller": true, "roles": ["writer", "auditor", "writer"]}}"#;
    assert_eq!(texts(realm, "realm_access"), [r#"{"roles":["auditor","writer"],"verify_caller":true}"#]);
    let clients = r#"{"resource_access": {"z": {"roles": ["writer", "auditor"]}, "a": {}}}"#;
    assert_eq!(texts(clients, "resource_access"), [r#"{"z":{"roles":["auditor","writer"]},"a":{}}"#]);
    assert_eq!(texts(r#"{"allowed-origins": ["9", "0"]}"#, "allowed-origins"), ["0", "9"]);
    assert_eq!(texts(r#"{"trusted-certs": ["9", "0"]}"#, "trusted-certs"), ["0", "9"]);
    assert_eq!(texts(r#"{"others": ["9", "0"]}"#, "others"), ["9", "0"]);
}

#[test]
fn roles_whose_order_is_not_known_are_unsure_and_still_roles() {
    let mut roles = vec![String::new()];
    for _ in 0..3 {
        roles = roles.iter().flat_map(|text| [format!("{text}Aa"), format!("{text}BB")]).collect();
    }
    let identity = identity(&serde_json::json!({"realm_access": {"roles": roles}}).to_string());
    assert_eq!(identity.attribute("realm_access"), Attribute::Unsure);
    assert!(identity.has_realm_role("AaBBAa"));
}

#[test]
fn roles_are_of_the_realm_or_of_a_client() {
    let identity = identity(
        r#"{"realm_access": {"roles": ["a"]}, "resource_access": {"rs": {"roles": ["b"]}, "other": {"roles": ["c"]}}}"#,
    );
    let has = |client: &str, role: &str| identity.has_client_role(&(client.into(), role.into()));
    assert!(identity.has_realm_role("a") && has("rs", "b") && has("other", "c"));
    assert!(!identity.has_realm_role("b") && !has("rs", "c") && !has("rs", "a"));
}

#[test]
fn a_service_account_is_its_client() {
    let subject = |json: &str| match identity(json).subject(&surroundings()) {
        Subject::User(name) => format!("user {name}"),
        other => format!("{other:?}"),
    };
    assert_eq!(subject(r#"{"preferred_username": "ann", "azp": "rs"}"#), "user ann");
    assert_eq!(subject(r#"{"preferred_username": "service-account-rs", "azp": "rs"}"#), "ResourceServer");
    assert_eq!(subject(r#"{"preferred_username": "service-account-app", "azp": "APP"}"#), "Client");
    // A user's token, though the name looks like another one's service account.
    let other = r#"{"preferred_username": "service-account-app", "azp": "rs"}"#;
    assert_eq!(subject(other), "user service-account-app");
    assert_eq!(subject(r#"{"preferred_username": "service-account-app"}"#), "user service-account-app");
}

#[test]
fn without_a_username_the_id_tells_or_nothing() {
    let surroundings = surroundings();
    let subject = |json: &str| format!("{:?}", identity(json).subject(&surroundings));
    assert_eq!(subject(r#"{"sub": "id-of-ann"}"#), r#"User("ann")"#);
    assert_eq!(subject(r#"{"sub": "other", "azp": "rs"}"#), "Unknown { may_be_resource_server: true }");
    assert_eq!(subject(r#"{"azp": "app"}"#), "Unknown { may_be_resource_server: false }");
    let account = r#"{"preferred_username": "service-account-x", "azp": "x"}"#;
    assert_eq!(
        identity(account).subject(&Surroundings::default()),
        Subject::Unknown { may_be_resource_server: true }
    );
}

#[test]
fn what_is_no_object_is_no_identity() {
    for json in ["", "[]", "1", "{", r#"{"a": "\ud800"}"#] {
        assert!(Identity::from_claims(json.as_bytes()).is_none(), "{json}");
    }
    assert!(Identity::from_claims(b"\xff").is_none());
    assert_eq!(format!("{:?}", identity(r#"{"sub": "secret"}"#)), "Identity { .. }");
}

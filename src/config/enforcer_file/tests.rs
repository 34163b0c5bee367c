use super::*;

#[test]
fn both_kinds_of_file_are_read() {
    let one = r#"{ "realm": "shop", "auth-server-url": "http://sso", "resource": "api", "credentials": { "secret": "s" },
        "enforcement-mode": "PERMISSIVE", "paths": [{ "path": "/a", "name": "A" }] }"#;
    let two = r#"{ "realm": "shop", "auth-server-url": "http://sso", "resource": "api", "credentials": { "secret": "s" },
        "policy-enforcer": { "enforcement-mode": "PERMISSIVE", "paths": [{ "path": "/a", "name": "A" }] } }"#;
    for text in [one, two] {
        let file = EnforcerFile::parse(text).unwrap();
        assert_eq!(file.adapter.realm.as_deref(), Some("shop"));
        assert_eq!(file.enforcer.enforcement_mode, EnforcerMode::Permissive);
        assert_eq!(file.enforcer.paths[0].name.as_deref(), Some("A"));
        assert_eq!(file.secret(), Some("/credentials/secret"));
        assert_eq!(file.unused().count(), 0);
    }
}

#[test]
fn members_that_nothing_is_made_of_are_named() {
    let file = EnforcerFile::parse(
        r#"{ "ssl-required": "external", "policy-enforcer": { "odd": 1, "path-cache": {}, "paths": [{ "path": "/a", "strange": true, "type": "t" }] } }"#,
    )
    .unwrap();
    assert_eq!(file.unused().collect::<Vec<_>>(), ["ssl-required", "odd", "strange"]);
}

#[test]
fn errors_repeat_nothing_of_the_file() {
    for text in [
        r#"{"credentials": "hunter2"}"#,
        r#"{"credentials": hunter2}"#,
        r#"["hunter2"]"#,
        r#"{"enforcement-mode": "hunter2"}"#,
    ] {
        assert!(!EnforcerFile::parse(text).unwrap_err().contains("hunter2"), "{text}");
    }
}

#[test]
fn secret_is_not_shown() {
    let file = EnforcerFile::parse(r#"{"credentials": {"secret": "hunter2"}}"#).unwrap();
    assert!(!format!("{file:?}").contains("hunter2"));
}

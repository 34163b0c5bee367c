use super::*;

fn open(name: &str, text: &str) -> Result<Document, DocumentError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    std::fs::write(folder.path().join("secret"), "hunter22").unwrap();
    Document::open(&file)
}

fn state(name: &str, text: &str) -> StateFile {
    match open(name, text).unwrap() {
        Document::State(file) => *file,
        Document::Tasks(tasks) => panic!("{tasks:?}"),
    }
}

#[test]
fn wanted_state_is_told_from_tasks_in_every_language() {
    let toml = "realm = \"r\"\nauth_username = \"u\"\n[[clients]]\nclient_id = \"a\"\n";
    let file = state("a.toml", toml);
    assert_eq!((file.desired.realm.as_str(), file.access.username.as_deref()), ("r", Some("u")));
    assert_eq!(state("a.json", r#"{"realm": "r", "groups": [{"path": "/a"}]}"#).desired.groups.len(), 1);
    let tasks = open("a.json", r#"[{"hosts": "all", "tasks": [{"keycloak_client": {"client_id": "a"}}]}]"#);
    assert!(matches!(tasks, Ok(Document::Tasks(tasks)) if tasks.len() == 1));
    assert!(matches!(open("a.json", r#"{"clientId": "a", "realm": "r"}"#), Ok(Document::Tasks(_))));
}

#[test]
fn a_file_that_is_neither_says_so() {
    for text in ["{}", "[]", "1", r#"{"realm": "r"}"#, r#"[{"hosts": "all", "tasks": []}]"#] {
        let error = open("a.json", text).unwrap_err().to_string();
        assert!(error.contains("is neither wanted state"), "{error}");
    }
}

#[test]
fn faults_of_login_and_state_come_together_and_without_what_was_referred_to() {
    let text =
        r#"{"realm": "r", "url": "ftp://x", "clients": [{"client_id": "a", "enabled": "${file:secret}"}]}"#;
    let error = open("a.json", text).unwrap_err().to_string();
    assert!(error.contains("has to start with `http`") && error.contains("`clients.0`"), "{error}");
    assert!(!error.contains("hunter22"), "{error}");
}

#[test]
fn a_login_that_is_not_in_the_file_comes_from_the_environment() {
    let variables = |name: &str| match name {
        "GATECLOAK_ADMIN_SERVER" => Some("http://sso".to_owned()),
        "GATECLOAK_ADMIN_USER" => Some("root".to_owned()),
        "GATECLOAK_ADMIN_PASSWORD" => Some("p".to_owned()),
        _ => None,
    };
    let nobody = state("a.json", r#"{"realm": "r", "clients": []}"#).access.or_from(variables);
    assert_eq!((nobody.url.as_deref(), nobody.username.as_deref()), (Some("http://sso"), Some("root")));
    assert!(nobody.password.is_some() && nobody.realm.as_deref() == Some("master"));
    // One that is named is not mixed with another.
    let text = r#"{"realm": "r", "clients": [], "auth_client_id": "c", "auth_client_secret": "s", "auth_realm": "r"}"#;
    let named = state("a.json", text).access.or_from(variables);
    assert!(named.username.is_none() && named.client_id == "c" && named.url.is_some());
}

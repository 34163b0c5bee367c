use serde_json::json;

use super::*;
use crate::config::SecretRef;

fn read(reference: &SecretRef, folder: &Path) -> Result<String, String> {
    reference.read(folder).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn one_line_break_at_the_end_of_a_secret_file_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let reference = SecretRef::File("secret".into());
    for (written, expected) in
        [("a b\n", "a b"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), (" a ", " a ")]
    {
        std::fs::write(folder.path().join("secret"), written).unwrap();
        assert_eq!(read(&reference, folder.path()).unwrap(), expected);
    }
}

#[test]
fn secret_that_is_empty_or_not_there_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "\n").unwrap();
    assert!(read(&SecretRef::File("secret".into()), folder.path()).unwrap_err().contains("is empty"));
    assert!(read(&SecretRef::File("none".into()), folder.path()).unwrap_err().contains("cannot be read"));
    let name = "GATECLOAK_NO_SUCH_VARIABLE";
    assert!(read(&SecretRef::Env(name.into()), folder.path()).unwrap_err().contains("is not set"));
}

#[test]
fn problem_names_the_member() {
    let mut config: ProviderConfig =
        serde_json::from_value(json!({ "issuer": "x", "client_id": "g" })).unwrap();
    config.client_secret = Some(SecretRef::File("/no/such".into()));
    let problem = ClientAuth::build("providers.shop", &config, Path::new("/")).unwrap_err();
    assert_eq!(problem.key, "providers.shop.client_secret");
}

#[test]
fn bearer_value_is_hidden_from_debug() {
    let value = bearer("uma", "abc").unwrap();
    assert!(!format!("{value:?}").contains("abc"));
    assert!(bearer("uma", "a\r\nb").is_err());
}

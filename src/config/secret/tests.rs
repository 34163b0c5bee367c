use std::path::Path;

use secrecy::ExposeSecret;

use super::SecretRef;

fn read(content: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), content).unwrap();
    let reference: SecretRef = "file:secret".parse().unwrap();
    reference.read(folder.path()).map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn one_trailing_line_break_is_cut() {
    assert_eq!(read(b"hush\n").unwrap(), "hush");
    assert_eq!(read(b"hush\r\n").unwrap(), "hush");
    assert_eq!(read(b"hush\n\n").unwrap(), "hush\n");
    assert_eq!(read(b" hush ").unwrap(), " hush ");
}

#[test]
fn an_empty_secret_is_refused() {
    assert_eq!(read(b"").unwrap_err(), "the secret `file:secret` is empty");
    assert_eq!(read(b"\n").unwrap_err(), "the secret `file:secret` is empty");
}

#[test]
fn a_secret_of_64_kib_is_read_and_a_larger_one_refused() {
    assert_eq!(read(&[b'x'; 65_536]).unwrap().len(), 65_536);
    assert_eq!(read(&[b'x'; 65_537]).unwrap_err(), "the secret `file:secret` is larger than 64 KiB");
}

#[test]
fn bytes_that_are_no_text_are_refused_without_being_repeated() {
    assert_eq!(read(b"hush\xff").unwrap_err(), "the secret `file:secret` is not UTF-8");
}

#[test]
fn an_absent_secret_is_named() {
    let file: SecretRef = "file:/nowhere/at/all".parse().unwrap();
    assert_eq!(
        file.read(Path::new(".")).unwrap_err(),
        "the secret `file:/nowhere/at/all` cannot be read: no such file or directory"
    );
    let variable: SecretRef = "env:GATECLOAK_TEST_NO_SUCH_VARIABLE".parse().unwrap();
    assert_eq!(
        variable.read(Path::new(".")).unwrap_err(),
        "the secret `env:GATECLOAK_TEST_NO_SUCH_VARIABLE` is not set"
    );
}

#[test]
fn an_environment_variable_is_read() {
    // Cargo sets it for every test.
    let name: SecretRef = "env:CARGO_PKG_NAME".parse().unwrap();
    assert_eq!(name.read(Path::new(".")).unwrap().expose_secret(), "gatecloak");
}

#[test]
fn a_literal_secret_is_not_repeated() {
    let error = "hunter2".parse::<SecretRef>().unwrap_err();
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_text_in_a_json_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("k.json"),
        r#"{"credentials": {"secret": "hunter2", "no": 5, "empty": ""}}"#,
    )
    .unwrap();
    let read = |text: &str| text.parse::<SecretRef>().unwrap().read(folder.path());
    assert_eq!(read("json:k.json#/credentials/secret").unwrap().expose_secret(), "hunter2");
    assert_eq!(
        "json:k.json#/credentials/secret".parse::<SecretRef>().unwrap().to_string(),
        "json:k.json#/credentials/secret"
    );
    for place in ["/credentials/no", "/credentials/empty", "/credentials", "/other"] {
        let error = read(&format!("json:k.json#{place}")).unwrap_err();
        assert!(!error.contains("hunter2"), "{error}");
    }
    for text in ["json:k.json", "json:#/a", "json:k.json#a"] {
        assert!(text.parse::<SecretRef>().is_err(), "{text}");
    }
}

use super::*;

fn wrong(file: &str, text: &str) -> SyntaxError {
    parse(Path::new(file), text).unwrap_err()
}

#[test]
fn a_fault_has_its_line_and_column() {
    assert_eq!(wrong("a.json", "{\n  \"realm\": }").place, Some((2, 12)));
    assert_eq!(wrong("a.toml", "realm = \"r\"\nclients = [\n").place.map(|(line, _)| line), Some(2));
    assert!(wrong("a.toml", "realm = \"r\"\nname = x\n").to_string().starts_with("line 2, column 8: "));
}

#[cfg(feature = "yaml")]
#[test]
fn a_fault_in_yaml_has_its_line_too() {
    let error = wrong("a.yaml", "realm: r\nclients:\n  - {client_id: a\n");
    assert!(error.place.is_some_and(|(line, _)| line >= 3), "{error:?}");
}

#[test]
fn a_fault_does_not_repeat_the_line() {
    for (file, text) in [
        ("a.json", "{\"secret\": \"hunter22\" \"x\"}"),
        ("a.toml", "secret = \"hunter22\" x"),
        ("a.yaml", "secret: \"hunter22\" x"),
    ] {
        assert!(!wrong(file, text).to_string().contains("hunter22"), "{file}");
    }
}

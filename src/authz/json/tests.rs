use super::{Json, NotRead};

fn read(text: &str) -> Result<String, NotRead> {
    Json::first(text).map(|json| written(&json, false))
}

fn written(json: &Json, without_nulls: bool) -> String {
    let mut out = String::new();
    json.write(without_nulls, &mut out);
    out
}

#[test]
fn members_keep_their_order_and_numbers_their_spelling() {
    let text = r#" {"b": 1.50, "a": [12345678901234567890, -0, 1e5], "c": {"z": null, "y": true}} "#;
    let json = Json::parse(text).unwrap();
    assert_eq!(
        written(&json, false),
        r#"{"b":1.50,"a":[12345678901234567890,-0,1e5],"c":{"z":null,"y":true}}"#
    );
    assert_eq!(written(&json, true), r#"{"b":1.50,"a":[12345678901234567890,-0,1e5],"c":{"y":true}}"#);
    assert_eq!(json.get("b"), Some(&Json::Number("1.50".into())));
    assert_eq!(json.get("z"), None);
}

#[test]
fn last_of_two_equal_members_counts_at_the_place_of_the_first() {
    assert_eq!(read(r#"{"x":1,"y":2,"x":3}"#).unwrap(), r#"{"x":3,"y":2}"#);
}

#[test]
fn what_follows_the_first_value_is_ignored_but_numbers_and_words_end_there() {
    assert_eq!(read(r#"{"x":1}tail"#).unwrap(), r#"{"x":1}"#);
    assert_eq!(read("[1]]").unwrap(), "[1]");
    assert_eq!(read(r#""q"zz"#).unwrap(), r#""q""#);
    assert_eq!(read("5 apples").unwrap(), "5");
    assert_eq!(read("true story").unwrap(), "true");
    for bad in ["5x", "truely", "5,", "null]", "1:"] {
        assert_eq!(read(bad), Err(NotRead::NotJson), "{bad}");
    }
    assert_eq!(Json::parse("1 2"), Err(NotRead::NotJson));
}

#[test]
fn what_jackson_does_not_read_is_not_json() {
    for bad in [
        "",
        "  ",
        "plain",
        "007",
        "-",
        "NaN",
        "+1",
        ".5",
        "1.",
        "1e",
        "/* c */ 1",
        "{'x':1}",
        "{\"x\":}",
        "{\"x\":1,}",
        "[1,]",
        "[1 2]",
        "{\"x\" 1}",
        "{1:2}",
        "\"open",
        "\"\n\"",
        "\"\\q\"",
        "\"\\u12G4\"",
        "[",
        "{\"a\":1",
        "[01]",
    ] {
        assert_eq!(read(bad), Err(NotRead::NotJson), "{bad}");
    }
}

#[test]
fn escapes_are_read_and_written_as_jackson_does() {
    let json = Json::parse(r#""\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00\u001f""#).unwrap();
    assert_eq!(json.as_text(), Some("\"\\/\u{8}\u{c}\n\r\tAé😀\u{1f}"));
    assert_eq!(written(&json, false), "\"\\\"\\\\/\\b\\f\\n\\r\\tAé😀\\u001F\"");
}

#[test]
fn what_this_language_cannot_hold_is_unsure() {
    assert_eq!(read(r#""\ud83d""#), Err(NotRead::Unsure));
    assert_eq!(read(r#""\ud83dA""#), Err(NotRead::Unsure));
    assert_eq!(read("1e999"), Err(NotRead::Unsure));
    assert_eq!(read(&"[".repeat(200)), Err(NotRead::Unsure));
    assert_eq!(read(&"1".repeat(400)), Err(NotRead::Unsure));
    assert!(read(&format!("{}{}", "[".repeat(90), "]".repeat(90))).is_ok());
}

#[test]
fn numbers_become_what_java_makes_of_them() {
    for (spelling, java) in [
        ("1", "1"),
        ("-0", "0"),
        ("12345678901234567890", "12345678901234567890"),
        ("1.50", "1.5"),
        ("1e3", "1000.0"),
        ("1E7", "1.0E7"),
        ("9999999.0", "9999999.0"),
        ("123456789.5", "1.234567895E8"),
        ("0.001", "0.001"),
        ("0.00012", "1.2E-4"),
        ("-0.0", "-0.0"),
        ("0e5", "0.0"),
        ("1e23", "1.0E23"),
        ("2e23", "2.0E23"),
        ("4.9e-324", "4.9E-324"),
        ("100.0", "100.0"),
        ("0.5", "0.5"),
        ("120000.25", "120000.25"),
        ("1.7976931348623157e308", "1.7976931348623157E308"),
    ] {
        assert_eq!(read(spelling).as_deref(), Ok(java), "{spelling}");
    }
}

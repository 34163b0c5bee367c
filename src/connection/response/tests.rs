use bytes::Bytes;
use serde_json::{Value, json};

use super::Response;

fn response(status: u16, body: &str, location: Option<&str>) -> Response {
    Response {
        status,
        location: location.map(str::to_owned),
        challenge: None,
        body: Bytes::copy_from_slice(body.as_bytes()),
        call: String::new(),
    }
}

#[test]
fn a_body_is_json_or_a_text_and_204_is_an_empty_object() {
    for (status, body, value) in [
        (200, r#"{"a":1}"#, json!({"a": 1})),
        (200, "[]", json!([])),
        (200, "null", Value::Null),
        (200, "<xml/>", json!("<xml/>")),
        (201, "", json!("")),
        (204, "", json!({})),
    ] {
        assert_eq!(response(status, body, None).value(), value, "{status} {body}");
    }
    let mut binary = response(200, "", None);
    binary.body = Bytes::from_static(b"\xff\xfe");
    assert_eq!(binary.value(), json!("\u{fffd}\u{fffd}"));
}

#[test]
fn what_was_made_is_the_last_part_of_the_location() {
    for (location, name) in [
        ("http://a/admin/realms/x/users/42", "42"),
        ("http://a/admin/realms/x/roles/a%2Fb%20c", "a/b c"),
        ("http://a/admin/realms/x/roles/a/", "a"),
        ("42", "42"),
    ] {
        assert_eq!(response(201, "", Some(location)).created().as_deref(), Some(name));
    }
    assert_eq!(response(201, "", None).created(), None);
}

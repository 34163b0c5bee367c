use serde_json::{Value, json};

use super::Desk;

fn ask(desk: &mut Desk, request: &Value) -> Value {
    line(desk, request.to_string().as_bytes())
}

fn line(desk: &mut Desk, line: &[u8]) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(desk.answer(line))
}

#[test]
fn a_line_that_is_not_a_request_is_answered_and_not_repeated() {
    let mut desk = Desk::default();
    for (text, class) in [
        (&b"{\"op\": \"call\", hunter2"[..], "Other:InvalidJson"),
        (b"", "Other:InvalidJson"),
        (b"\xff\xfe", "Other:InvalidJson"),
        (b"[\"hunter2\"]", "Other:InvalidRequest"),
        (b"{\"handle\": \"hunter2\"}", "Other:InvalidRequest"),
        (b"{\"op\": \"call\", \"handle\": 7, \"password\": \"hunter2\"}", "Other:InvalidRequest"),
        (b"{\"op\": \"jump\", \"password\": \"hunter2\"}", "Other:UnknownMethod"),
    ] {
        let answer = line(&mut desk, text);
        assert_eq!(answer["error"]["class"], class, "{answer}");
        assert!(!answer.to_string().contains("hunter2"), "{answer}");
    }
}

#[test]
fn what_was_never_made_and_what_does_not_exist_are_told_apart() {
    let mut desk = Desk::default();
    let answer = ask(&mut desk, &json!({"op": "call", "handle": "a", "method": "get_users"}));
    assert_eq!(answer["error"]["class"], "Other:UnknownHandle");
    let answer = ask(&mut desk, &json!({"op": "new", "handle": "a", "class": "KeycloakNothing", "args": {}}));
    assert_eq!(answer["error"]["class"], "Other:UnknownMethod");
    let answer = ask(&mut desk, &json!({"op": "new", "handle": "a", "class": "KeycloakAdmin", "args": {}}));
    assert_eq!(answer["error"]["class"], "Other:Argument");
    let answer = ask(&mut desk, &json!({"op": "new", "handle": "a", "class": "KeycloakAdmin", "args": 1}));
    assert_eq!(answer["error"]["class"], "Other:InvalidRequest");
}

#[test]
fn an_admin_without_a_login_has_its_properties_and_makes_no_call() {
    let mut desk = Desk::default();
    let args = json!({
        "server_url": "http://127.0.0.1:9/auth/",
        "realm_name": "shop",
        "username": "ann",
        "auto_refresh_token": ["put", "get"],
    });
    let made = ask(&mut desk, &json!({"op": "new", "handle": "a", "class": "KeycloakAdmin", "args": args}));
    assert_eq!(made, json!({"ok": null}));
    for (property, value) in [
        ("server_url", json!("http://127.0.0.1:9/auth/")),
        ("realm_name", json!("shop")),
        ("user_realm_name", json!(null)),
        ("client_id", json!("admin-cli")),
        ("client_secret_key", json!(null)),
        ("verify", json!(true)),
        ("username", json!("ann")),
        ("password", json!(null)),
        ("totp", json!(null)),
        ("token", json!(null)),
        ("auto_refresh_token", json!(["get", "put"])),
        ("custom_headers", json!(null)),
        ("connection", json!("<ConnectionManager>")),
        ("PAGE_SIZE", json!(100)),
    ] {
        let answer = ask(&mut desk, &json!({"op": "get", "handle": "a", "property": property}));
        assert_eq!(answer, json!({"ok": value}), "{property}");
    }
    for (property, value) in [
        ("server_url", json!("http://127.0.0.1:9")),
        ("realm_name", json!("store")),
        ("user_realm_name", json!("master")),
        ("client_id", json!("robot")),
        ("client_secret_key", json!("s")),
        ("verify", json!(false)),
        ("username", json!(null)),
        ("password", json!("p")),
        ("totp", json!("123456")),
        ("token", json!({"access_token": "t"})),
        ("auto_refresh_token", json!([])),
        ("custom_headers", json!({"x-a": "b"})),
        ("connection", json!("<ConnectionManager>")),
    ] {
        let set = json!({"op": "set", "handle": "a", "property": property, "value": value});
        assert_eq!(ask(&mut desk, &set), json!({"ok": null}), "{property}");
        let answer = ask(&mut desk, &json!({"op": "get", "handle": "a", "property": property}));
        assert_eq!(answer, json!({"ok": value}), "{property}");
    }
    let answer = ask(&mut desk, &json!({"op": "get", "handle": "a", "property": "shoe_size"}));
    assert_eq!(answer["error"]["class"], "Other:UnknownProperty");
    for wrong in [json!("get"), json!(["jump"]), json!([1])] {
        let set = json!({"op": "set", "handle": "a", "property": "auto_refresh_token", "value": wrong});
        assert_eq!(ask(&mut desk, &set)["error"]["class"], "Other:TypeError");
    }
}

#[test]
fn a_failed_new_leaves_what_was_made_before() {
    let mut desk = Desk::default();
    let made =
        json!({"op": "new", "handle": "c", "class": "ConnectionManager", "args": {"base_url": "http://a/"}});
    assert_eq!(ask(&mut desk, &made), json!({"ok": null}));
    let failed = json!({"op": "new", "handle": "c", "class": "ConnectionManager", "args": {}});
    assert_eq!(ask(&mut desk, &failed)["error"]["class"], "Other:Argument");
    let answer = ask(&mut desk, &json!({"op": "get", "handle": "c", "property": "base_url"}));
    assert_eq!(answer, json!({"ok": "http://a/"}));
    let answer = ask(&mut desk, &json!({"op": "break_token", "handle": "c"}));
    assert_eq!(answer["error"]["class"], "Other:UnknownMethod");
}

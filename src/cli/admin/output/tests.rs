use serde_json::{Value, json};

use super::render;

#[test]
fn a_list_is_a_table_with_the_columns_that_are_there() {
    let users = json!([
        {"id": "1", "username": "ann", "enabled": true, "attributes": {"a": ["b"]}},
        {"id": "22", "username": "日本", "enabled": false, "email": "b@example.org"},
    ]);
    let expected = "ID  USERNAME  EMAIL          ENABLED\n\
                    1   ann                      true\n\
                    22  日本      b@example.org  false\n";
    assert_eq!(render(&users, false), expected);
}

#[test]
fn a_list_without_a_known_column_shows_what_it_has() {
    assert_eq!(render(&json!([{"kid": "a", "use": "sig"}]), false), "KID  USE\na    sig\n");
    assert_eq!(render(&json!(["a", 1, null]), false), "a\n1\nnull");
    assert_eq!(render(&json!([]), false), "");
}

#[test]
fn one_thing_is_json_and_nothing_is_nothing() {
    assert_eq!(render(&json!({"a": 1}), false), "{\n  \"a\": 1\n}");
    assert_eq!(render(&json!({}), false), "");
    assert_eq!(render(&Value::Null, false), "");
    assert_eq!(render(&json!("id"), false), "id");
    assert_eq!(render(&json!(7), false), "7");
    assert_eq!(render(&json!({}), true), "{}");
    assert_eq!(render(&json!("id"), true), "\"id\"");
    assert_eq!(render(&json!([]), true), "[]");
}

#[test]
fn a_name_cannot_command_the_terminal_nor_fill_it() {
    let text = render(&json!([{"name": "a\u{1b}[2Jb\r\nc"}, {"name": "x".repeat(500)}]), false);
    assert!(!text.contains('\u{1b}') && !text.contains('\r'));
    assert_eq!(text.lines().count(), 3);
    assert!(text.lines().all(|line| line.chars().count() <= 48));
    assert!(!render(&json!("\u{1b}]0;x\u{7}"), false).contains('\u{1b}'));
}

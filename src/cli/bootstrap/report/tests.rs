use serde_json::json;

use super::*;
use crate::bootstrap::Kind;

#[test]
fn a_plan_tells_what_is_there_and_what_is_wanted_without_secrets() {
    let change = |path: &str, before: Option<Value>, after: Option<Value>| Change {
        path: path.to_owned(),
        before,
        after,
    };
    let changes = vec![
        change("name", Some(json!("old")), Some(json!("new"))),
        change("attributes.theme", Some(json!("dark")), None),
        change("secret", Some(json!("sesame-1")), Some(json!("sesame-2"))),
    ];
    let mut plan = Plan::default();
    plan.items.push(Item::act(Kind::Client, "app", Action::Update, changes));
    plan.items.push(Item::keep(Kind::Client, "other"));
    let told = document(&plan, false);
    assert!(!told.to_string().contains("sesame"), "{told}");
    assert_eq!((&told["changed"], &told["failed"]), (&json!(true), &json!(false)));
    assert_eq!(told["msg"], "0 to create, 1 to update, 0 to delete, 1 unchanged");
    let app = &told["items"][0];
    assert_eq!(app["existing"]["name"], "old");
    assert_eq!(app["existing"]["attributes.theme"], "dark");
    assert_eq!((&app["proposed"]["name"], &app["end_state"]["name"]), (&json!("new"), &json!("new")));
    assert_eq!(app["end_state"].get("attributes.theme"), None);
    let other = &told["items"][1];
    assert_eq!((&other["changed"], &other["existing"]), (&json!(false), &json!({})));
}

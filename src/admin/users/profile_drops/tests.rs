use serde_json::{Map, Value, json};

use super::dropped;

fn members(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

#[test]
fn an_attribute_that_is_not_there_afterwards_is_dropped() {
    let sent = members(json!({"department": ["a"], "size": ["b"]}));
    let kept = members(json!({"size": ["b"]}));
    assert_eq!(dropped(&sent, Some(&kept)), ["department"]);
    assert_eq!(dropped(&sent, None), ["department", "size"]);
}

#[test]
fn an_attribute_that_is_taken_away_is_not_dropped() {
    let sent = members(json!({"a": [], "b": null, "c": ""}));
    assert!(dropped(&sent, None).is_empty());
}

#[test]
fn a_name_among_the_attributes_is_not_dropped() {
    let sent = members(json!({"firstName": ["Alice"]}));
    assert!(dropped(&sent, None).is_empty());
}

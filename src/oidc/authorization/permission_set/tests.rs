use serde_json::{Value, json};

use super::PermissionSet;
use crate::connection::ErrorClass;
use crate::oidc::GrantedPermission;
use crate::oidc::authorization::UmaPermission;

fn set(value: Value) -> Vec<String> {
    PermissionSet::from_value(&value).unwrap().iter().map(str::to_owned).collect()
}

#[test]
fn every_shape_becomes_texts() {
    assert!(set(json!(null)).is_empty() && set(json!("")).is_empty() && set(json!({"a": []})).is_empty());
    assert_eq!(set(json!("a#b,c")), ["a#b,c"]);
    assert_eq!(set(json!(["b", "a", "b"])), ["a", "b"]);
    assert_eq!(set(json!({"a": null, "b": "x", "c": ["x", "y"]})), ["a", "b#x", "c#x", "c#y"]);
    for wrong in [json!(5), json!(true), json!([1]), json!([["a"]]), json!({"a": 1}), json!({"a": [null]})] {
        let error = PermissionSet::from_value(&wrong).unwrap_err();
        assert_eq!(error.class(), ErrorClass::PermissionFormat, "{wrong}");
    }
}

#[test]
fn a_permission_called_with_another_takes_what_that_has() {
    let (doc, read) = (UmaPermission::resource("Doc"), UmaPermission::scope("read"));
    assert_eq!(doc.and(&read).to_string(), "Doc#read");
    assert_eq!(read.and(&doc), doc.and(&read));
    assert_eq!(doc.and(&read).and(&UmaPermission::scope("write")).to_string(), "Doc#write");
    assert_eq!(read.to_string(), "#read");
}

#[test]
fn every_wanted_permission_is_looked_for_by_name_and_by_id() {
    let granted = [
        GrantedPermission {
            rsid: Some("1".into()),
            rsname: Some("Doc".into()),
            scopes: vec!["read".into(), "write".into()],
            ..Default::default()
        },
        GrantedPermission { rsid: Some("2".into()), rsname: Some("Bare".into()), ..Default::default() },
    ];
    let missing = |wanted: &[&str]| -> Vec<String> {
        let wanted: PermissionSet = wanted.iter().map(|wanted| (*wanted).to_owned()).collect();
        wanted.missing(&granted).iter().map(str::to_owned).collect()
    };
    assert!(missing(&["Doc", "Doc#read", "1#write", "1", "Doc#read,write", "Bare", "2"]).is_empty());
    assert_eq!(missing(&["Doc#read", "Doc#delete"]), ["Doc#delete"]);
    assert_eq!(
        missing(&["Other", "#read", "Bare#read", "Doc#read,delete", "doc"]),
        ["#read", "Bare#read", "Doc#read,delete", "Other", "doc"]
    );
}

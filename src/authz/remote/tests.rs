use super::*;
use crate::config::ScopesMode;

fn question(resource: &str, scopes: &[&str], mode: ScopesMode) -> Question {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    Question { resource: resource.to_owned(), by: ResourceKey::Name, scopes, mode }
}

fn granted(name: Option<&str>, id: Option<&str>, scopes: &[&str]) -> GrantedPermission {
    GrantedPermission {
        rsid: id.map(str::to_owned),
        rsname: name.map(str::to_owned),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..GrantedPermission::default()
    }
}

#[test]
fn every_wanted_scope_must_be_in_the_answer() {
    use ScopesMode::{All, Any};
    let cases = [
        (vec!["view"], All, true),
        (vec!["view", "edit"], All, false),
        (vec!["view", "edit"], Any, true),
        (vec!["edit"], Any, false),
        (vec![], All, true),
    ];
    let answer = [granted(Some("Orders"), Some("1"), &["view"])];
    for (scopes, mode, expected) in cases {
        assert_eq!(is_granted(&answer, &question("Orders", &scopes, mode)), expected, "{scopes:?} {mode:?}");
    }
}

#[test]
fn answer_about_something_else_is_no_grant() {
    let asked = question("Orders", &["view"], ScopesMode::All);
    let answers = [
        vec![],
        vec![granted(Some("orders"), None, &["view"])],
        vec![granted(Some("Bills"), None, &["view"])],
        vec![granted(None, Some("Orders"), &["view"])],
        vec![granted(None, None, &["view"])],
        vec![granted(Some("Orders"), None, &[])],
        vec![granted(Some("Orders"), None, &["edit"]), granted(Some("Bills"), None, &["view"])],
    ];
    for answer in answers {
        assert!(!is_granted(&answer, &asked), "{answer:?}");
    }
}

#[test]
fn question_without_scopes_is_not_merged_into_one_with_scopes() {
    let (bare, scoped, other) = (
        question("Orders", &[], ScopesMode::All),
        question("Orders", &["edit"], ScopesMode::All),
        question("Bills", &[], ScopesMode::All),
    );
    let all = [bare.clone(), scoped.clone(), other.clone()];
    assert_eq!(batches(&all), [vec![&scoped, &other], vec![&bare]]);
    assert_eq!(batches(&all[2..]), [vec![&other]]);
}

/// Of two texts for one resource Keycloak looks at the first alone.
#[test]
fn names_and_ids_are_asked_for_apart() {
    let by_name = question("Orders", &["view"], ScopesMode::All);
    let bare_id = Question { by: ResourceKey::Id, ..question("id-1", &[], ScopesMode::All) };
    let by_id = Question { by: ResourceKey::Id, ..question("id-1", &["edit"], ScopesMode::All) };
    let all = [by_id.clone(), bare_id.clone(), by_name.clone()];
    assert_eq!(batches(&all), [vec![&by_name], vec![&by_id], vec![&bare_id]]);
}

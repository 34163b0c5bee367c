use serde_json::json;

use super::*;

fn principal(audience: Value) -> Principal {
    let claims = json!({
        "iss": "https://sso.example.com", "sub": "u1", "aud": audience,
        "authorization": { "permissions": [{ "rsid": "id-1", "rsname": "Orders", "scopes": ["view"] }] },
    });
    Principal::from_claims("shop".into(), claims.to_string().as_bytes()).unwrap()
}

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
fn permissions_count_only_for_their_audience() {
    assert_eq!(permissions(&principal(json!("orders-api")), "orders-api").len(), 1);
    assert_eq!(permissions(&principal(json!(["x", "orders-api"])), "orders-api").len(), 1);
    for audience in [json!("other"), json!([]), json!(["orders-api2"]), json!("orders-api x")] {
        assert!(permissions(&principal(audience.clone()), "orders-api").is_empty(), "{audience}");
    }
}

/// Whoever may make resources may give one the name, or the id, that another has for the other.
#[test]
fn a_resource_counts_by_the_key_that_it_is_asked_for_by() {
    let by_name = question("id-1", &["view"], ScopesMode::All);
    let by_id = Question { by: ResourceKey::Id, ..by_name.clone() };
    let of_this_id = [granted(Some("Orders"), Some("id-1"), &["view"])];
    let of_this_name = [granted(Some("id-1"), Some("id-2"), &["view"])];
    assert_eq!((grants(&of_this_id, &by_id), grants(&of_this_id, &by_name)), (true, false));
    assert_eq!((grants(&of_this_name, &by_id), grants(&of_this_name, &by_name)), (false, true));
    let without_id = [granted(Some("Orders"), None, &["view"])];
    assert!(!grants(&without_id, &by_id));
    let without_scopes = [granted(Some("Orders"), Some("id-1"), &[])];
    assert!(!grants(&without_scopes, &by_id));
}

#[test]
fn every_scope_or_any_scope_must_be_there() {
    use ScopesMode::{All, Any};
    let held =
        [granted(Some("Orders"), Some("id-1"), &["view", "edit"]), granted(Some("Bills"), None, &["pay"])];
    let cases = [
        ("Orders", vec!["view"], All, true),
        ("Orders", vec!["view", "edit"], All, true),
        ("Orders", vec!["view", "delete"], All, false),
        ("Orders", vec!["view", "delete"], Any, true),
        ("Orders", vec!["delete"], Any, false),
        ("Orders", vec!["pay"], All, false),
        ("Orders", vec![], All, true),
        ("Orders", vec![], Any, true),
        ("id-1", vec!["edit"], All, false),
        ("orders", vec!["view"], All, false),
        ("", vec![], All, false),
    ];
    for (resource, scopes, mode, expected) in cases {
        assert_eq!(
            grants(&held, &question(resource, &scopes, mode)),
            expected,
            "{resource} {scopes:?} {mode:?}"
        );
    }
}

#[test]
fn scopes_of_two_resources_of_one_name_are_not_added_up() {
    let held = [granted(Some("Orders"), Some("1"), &["view"]), granted(Some("Orders"), Some("2"), &["edit"])];
    assert!(!grants(&held, &question("Orders", &["view", "edit"], ScopesMode::All)));
}

#[test]
fn permission_without_scopes_grants_none_of_them_and_one_without_resource_nothing() {
    let bare = [granted(Some("Orders"), None, &[])];
    assert!(grants(&bare, &question("Orders", &[], ScopesMode::All)));
    assert!(!grants(&bare, &question("Orders", &["view"], ScopesMode::All)));
    assert!(!grants(&bare, &question("Orders", &["view"], ScopesMode::Any)));
    assert!(!grants(&[granted(None, None, &["view"])], &question("Orders", &["view"], ScopesMode::All)));
}

#[test]
fn permission_of_a_token_counts_only_for_the_claims_that_it_was_judged_by() {
    let claims = |list: &[(&str, &[&str])]| -> Vec<(String, Vec<String>)> {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        list.iter().map(|(name, texts)| ((*name).to_owned(), owned(texts))).collect()
    };
    let acme: &[(&str, &[&str])] = &[("tenant", &["acme"])];
    let both: &[(&str, &[&str])] = &[("tenant", &["acme", "other"])];
    let more: &[(&str, &[&str])] = &[("tenant", &["acme"]), ("from", &["10.0.0.1"])];
    let cases = [
        (acme, acme, true),
        (acme, &[("tenant", &["evil"])], false),
        (acme, both, false),
        (both, acme, false),
        (both, &[("tenant", &["other", "acme"])], true),
        (acme, more, false),
        (more, acme, false),
        (acme, &[], false),
        (&[], acme, false),
        (&[], &[], true),
    ];
    for (judged_by, pushed, expected) in cases {
        let held = [GrantedPermission {
            claims: claims(judged_by).into_iter().collect(),
            ..granted(Some("Orders"), None, &["view"])
        }];
        let pushed = PushedClaims::new(claims(pushed));
        let question = question("Orders", &["view"], ScopesMode::All);
        assert_eq!(settles(&held, &question, &pushed), expected, "{judged_by:?} {pushed:?}");
    }
}

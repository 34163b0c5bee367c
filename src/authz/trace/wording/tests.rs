use serde_json::{Value, json};

use crate::authz::{Identity, Inquiry, Model, PushedClaims, Wanted};

fn summary(claims: &Value, scopes: &[&str]) -> String {
    let settings = json!({
        "resources": [{"name": "Orders", "scopes": [{"name": "view"}, {"name": "edit"}, {"name": "drop"}]}],
        "scopes": [{"name": "view"}, {"name": "edit"}, {"name": "drop"}],
        "policies": [
            {"name": "Readers", "type": "role", "config": {"roles": r#"[{"id":"reader"}]"#}},
            {"name": "Managers", "type": "role", "config": {"roles": r#"[{"id":"manager"},{"id":"shop/boss"}]"#}},
            {"name": "Free", "type": "role", "logic": "NEGATIVE", "config": {"roles": r#"[{"id":"banned"}]"#}},
            {"name": "Some", "type": "aggregate", "decisionStrategy": "AFFIRMATIVE",
                "config": {"applyPolicies": r#"["Readers","Managers"]"#}},
            {"name": "View", "type": "scope", "config":
                {"resources": r#"["Orders"]"#, "scopes": r#"["view"]"#, "applyPolicies": r#"["Some","Free"]"#}},
            {"name": "Edit", "type": "scope", "config":
                {"resources": r#"["Orders"]"#, "scopes": r#"["edit"]"#, "applyPolicies": r#"["Managers"]"#}}]});
    let model = Model::parse(settings.to_string().as_bytes()).unwrap();
    let identity = Identity::from_claims(claims.to_string().as_bytes()).unwrap();
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let (resource, pushed) = (model.named("Orders").unwrap(), PushedClaims::default());
    let inquiry = Inquiry { identity: &identity, resource, scopes: &scopes, now: 0, pushed: &pushed };
    model.explain(&inquiry).1.summary()
}

fn roles(names: &[&str]) -> Value {
    json!({"realm_access": {"roles": names}})
}

#[test]
fn what_is_granted_needs_no_words() {
    assert_eq!(summary(&roles(&["reader"]), &["view"]), "");
}

#[test]
fn refusal_names_permission_policy_and_what_it_wants() {
    assert_eq!(
        summary(&roles(&["reader"]), &["edit"]),
        "`Orders#edit`: refused; permission `Edit` says no: policy `Managers` says no, it wants one of the roles \
         `manager`, `shop/boss`"
    );
    assert_eq!(
        summary(&roles(&[]), &["view"]),
        "`Orders#view`: refused; permission `View` says no: policy `Some` says no (policy `Readers` says no, it wants \
         role `reader`, policy `Managers` says no, it wants one of the roles `manager`, `shop/boss`)"
    );
    assert_eq!(
        summary(&roles(&["reader", "banned"]), &["view"]),
        "`Orders#view`: refused; permission `View` says no: policy `Free` says no, it wants anything but role `banned`"
    );
}

#[test]
fn part_and_nothing_are_told_apart() {
    let part = summary(&roles(&["reader"]), &["view", "edit"]);
    assert!(
        part.starts_with("`Orders#view,edit`: only `view` is granted; permission `Edit` says no"),
        "{part}"
    );
    assert_eq!(summary(&roles(&["reader"]), &["drop"]), "`Orders#drop`: refused; no permission is about it");
}

#[test]
fn every_condition_has_words() {
    let two = || vec!["a".to_owned(), "b".to_owned()];
    for (wanted, words) in [
        (Wanted::AllOfRoles(two()), "all of the roles `a`, `b`"),
        (Wanted::OneOfGroups(two()), "one of the groups `a`, `b`"),
        (Wanted::OneOfUsers(vec!["a".to_owned()]), "user `a`"),
        (Wanted::OneOfClients(vec!["a".to_owned()]), "a token of client `a`"),
        (Wanted::OneOfClientScopes(Vec::new()), "client scope of a list that is empty"),
        (Wanted::AllOfClientScopes(two()), "all of the client scopes `a`, `b`"),
        (Wanted::Time(vec![("hour".to_owned(), "8".to_owned())]), "a time in the window hour `8`"),
        (
            Wanted::Match { target: "t".to_owned(), pattern: "p.*".to_owned(), pushed: true },
            "pushed claim `t` matching `p.*`",
        ),
        (Wanted::Unknown, "what only keycloak knows"),
    ] {
        assert_eq!(wanted.to_string(), words);
    }
}

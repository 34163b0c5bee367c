use serde_json::{Value, json};

use super::LONGEST_SUMMARY;
use crate::authz::{
    DecisionStrategy, Effect, FoundBy, Identity, Inquiry, Model, PushedClaims, Trace, TracedEntry,
    TracedOutcome, TracedPermission, TracedPolicy, UserNames, Wanted,
};

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
    model.explain(&inquiry).1.summary(UserNames::Included)
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
fn names_of_users_can_be_left_out() {
    let policy = |negative: bool| TracedPolicy {
        name: "Some".to_owned(),
        kind: "user".to_owned(),
        negative,
        effect: Effect::Deny,
        wanted: Some(Wanted::OneOfUsers(vec!["ann".to_owned(), "bob".to_owned()])),
        strategy: DecisionStrategy::default(),
        policies: Vec::new(),
    };
    let trace = |negative: bool| Trace {
        entries: vec![TracedEntry {
            resource: Some("Orders".to_owned()),
            scopes: Vec::new(),
            outcome: TracedOutcome::Refused,
            permissions: vec![TracedPermission {
                name: "Edit".to_owned(),
                for_scopes: false,
                has_say: true,
                found_by: FoundBy::Resource,
                effect: Some(Effect::Deny),
                strategy: DecisionStrategy::default(),
                policies: vec![policy(negative)],
            }],
        }],
    };
    let start = "`Orders`: refused; permission `Edit` says no: policy `Some` says no, it wants";
    for (negative, users, end) in [
        (false, UserNames::Included, "one of the users `ann`, `bob`"),
        (false, UserNames::LeftOut, "one of 2 users"),
        (true, UserNames::LeftOut, "anything but one of 2 users"),
    ] {
        assert_eq!(trace(negative).summary(users), format!("{start} {end}"));
    }
}

#[test]
fn what_keycloak_would_answer_with_an_error_has_its_text() {
    let entry = TracedEntry {
        resource: Some("Nothing".to_owned()),
        scopes: vec!["view".to_owned()],
        outcome: TracedOutcome::Unknown("Resource with id [Nothing] does not exist.".to_owned()),
        permissions: Vec::new(),
    };
    let summary = Trace { entries: vec![entry] }.summary(UserNames::Included);
    assert_eq!(summary, "`Nothing#view`: keycloak answers: Resource with id [Nothing] does not exist.");
}

#[test]
fn a_summary_is_never_long_and_always_text() {
    for length in LONGEST_SUMMARY - 40..LONGEST_SUMMARY + 40 {
        let entry = TracedEntry {
            resource: Some("\u{e9}".repeat(length / 2)),
            scopes: Vec::new(),
            outcome: TracedOutcome::Refused,
            permissions: Vec::new(),
        };
        let summary = Trace { entries: vec![entry] }.summary(UserNames::Included);
        assert!(summary.len() <= LONGEST_SUMMARY + " ...".len(), "{}", summary.len());
        assert!(summary.ends_with(" ...") || summary.ends_with("no permission is about it"), "{summary}");
    }
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

use serde_json::{Value, json};

use super::Condition;
use crate::authz::outcomes::Outcomes;
use crate::authz::{DecisionSource, RefusalCode};
use crate::config::{ClaimPredicate, Problem};
use crate::token::Principal;

fn principal(claims: Value) -> Principal {
    Principal::from_claims("shop".into(), claims.to_string().as_bytes()).unwrap()
}

fn alice() -> Principal {
    principal(json!({
        "sub": "a1",
        "scope": "openid orders:read",
        "groups": ["/staff", "/staff/berlin"],
        "realm_access": {"roles": ["manager"]},
        "resource_access": {"shop": {"roles": ["reader", "a/b"]}},
        "tier": "gold",
        "level": 3,
        "ratio": 2.0,
        "flag": true,
        "nothing": null,
        "tags": ["a", 1, false],
        "address": {"country": "DE"},
    }))
}

fn claim(predicate: Value) -> Result<Condition, Problem> {
    let predicate: ClaimPredicate = serde_json::from_value(predicate).unwrap();
    Condition::claim("k", &predicate)
}

#[track_caller]
fn check(condition: &Condition, expected: Outcomes) {
    assert_eq!(condition.judge(&alice()), expected, "{condition:?}");
}

#[test]
fn names_are_compared_exactly() {
    let role = |name: &str| Condition::RealmRole(name.into());
    check(&role("manager"), Outcomes::MET);
    for name in ["Manager", "manage", "managers", "reader", "manager "] {
        check(&role(name), Outcomes::UNMET);
    }
    check(&Condition::Scope("orders:read".into()), Outcomes::MET);
    check(&Condition::Scope("orders".into()), Outcomes::UNMET);
    check(&Condition::Group("/staff".into()), Outcomes::MET);
    check(&Condition::Group("staff".into()), Outcomes::UNMET);
    check(&Condition::Group("/staff/".into()), Outcomes::UNMET);
}

#[test]
fn client_role_is_split_at_the_first_slash() {
    check(&Condition::client_role("k", "shop/reader").unwrap(), Outcomes::MET);
    check(&Condition::client_role("k", "shop/a/b").unwrap(), Outcomes::MET);
    check(&Condition::client_role("k", "other/reader").unwrap(), Outcomes::UNMET);
    check(&Condition::client_role("k", "shop/manager").unwrap(), Outcomes::UNMET);
    for text in ["reader", "/reader", "shop/", ""] {
        assert!(Condition::client_role("k", text).is_err(), "{text}");
    }
}

#[test]
fn what_the_token_does_not_tell_is_stuck() {
    let lightweight = principal(json!({"sub": "a1"}));
    for condition in [
        Condition::RealmRole("r".into()),
        Condition::client_role("k", "c/r").unwrap(),
        Condition::Scope("s".into()),
        Condition::Group("/g".into()),
        claim(json!({"name": "tier", "equals": "gold"})).unwrap(),
    ] {
        assert_eq!(condition.judge(&lightweight), Outcomes::STUCK, "{condition:?}");
        assert!(!condition.is_known(&lightweight));
    }
}

#[test]
fn claim_equals() {
    for (name, value, expected) in [
        ("tier", json!("gold"), true),
        ("tier", json!("Gold"), false),
        ("level", json!(3), true),
        ("level", json!(3.0), true),
        ("ratio", json!(2), true),
        ("flag", json!(true), true),
        ("flag", json!(false), false),
        ("/address/country", json!("DE"), true),
        ("/realm_access/roles/0", json!("manager"), true),
    ] {
        let condition = claim(json!({"name": name, "equals": value})).unwrap();
        check(&condition, Outcomes::of(expected));
    }
    check(&claim(json!({"name": "/address/city", "equals": "x"})).unwrap(), Outcomes::STUCK);
    check(&claim(json!({"name": "nothing", "equals": "x"})).unwrap(), Outcomes::STUCK);
}

#[test]
fn big_integers_are_compared_exactly() {
    let condition = claim(json!({"name": "n", "equals": 9_007_199_254_740_993_u64})).unwrap();
    assert_eq!(condition.judge(&principal(json!({"n": 9_007_199_254_740_992_u64}))), Outcomes::UNMET);
    assert_eq!(condition.judge(&principal(json!({"n": 9_007_199_254_740_993_u64}))), Outcomes::MET);
}

#[test]
fn claim_contains() {
    for (name, value, expected) in [
        ("tags", json!("a"), true),
        ("tags", json!(1), true),
        ("tags", json!(false), true),
        ("tags", json!("b"), false),
    ] {
        check(&claim(json!({"name": name, "contains": value})).unwrap(), Outcomes::of(expected));
    }
}

/// Or `not = { claim = { name = "flags", contains = "banned" } }` would let in whose `flags` is the text `banned`.
#[test]
fn a_claim_of_another_type_is_neither_met_nor_unmet() {
    for test in [
        json!({"name": "level", "equals": "3"}),
        json!({"name": "flag", "equals": "true"}),
        json!({"name": "tags", "equals": "a"}),
        json!({"name": "address", "equals": "DE"}),
        json!({"name": "tier", "contains": "gold"}),
        json!({"name": "address", "contains": "DE"}),
        json!({"name": "level", "matches": "3"}),
        json!({"name": "tags", "matches": "a"}),
    ] {
        check(&claim(test).unwrap(), Outcomes::STUCK);
    }
}

#[test]
fn claim_matches_as_a_whole() {
    for (expression, expected) in [
        ("gold", true),
        ("g.*d", true),
        ("gol", false),
        ("old", false),
        ("silver|gol", false),
        ("silver|gold", true),
        ("(?i)GOLD", true),
        ("^gold$", true),
    ] {
        check(&claim(json!({"name": "tier", "matches": expression})).unwrap(), Outcomes::of(expected));
    }
    let condition = claim(json!({"name": "tier", "matches": "gold"})).unwrap();
    assert_eq!(condition.judge(&principal(json!({"tier": "gold\n"}))), Outcomes::UNMET);
}

#[test]
fn expression_cannot_leave_its_anchors() {
    for expression in ["a)|(?:b", "(", "(?x) a # b", "[", "a{5000000}"] {
        let problem = claim(json!({"name": "tier", "matches": expression})).unwrap_err();
        assert_eq!(problem.key, "k.matches");
        assert!(problem.hint.is_some(), "{problem:?}");
    }
}

#[test]
fn claim_present() {
    for (name, present, expected) in [
        ("tier", true, true),
        ("tier", false, false),
        ("x", true, false),
        ("x", false, true),
        ("nothing", true, false),
        ("nothing", false, true),
    ] {
        check(&claim(json!({"name": name, "present": present})).unwrap(), Outcomes::of(expected));
    }
}

#[test]
fn claim_needs_a_name_and_exactly_one_test() {
    for predicate in [
        json!({"name": "", "equals": "x"}),
        json!({"name": "a"}),
        json!({"name": "a", "equals": "x", "present": true}),
        json!({"name": "a", "contains": "x", "matches": "x"}),
        json!({"name": "a", "equals": ["x"]}),
        json!({"name": "a", "equals": {}}),
        json!({"name": "a", "contains": []}),
    ] {
        assert!(claim(predicate.clone()).is_err(), "{predicate}");
    }
}

#[test]
fn empty_names_are_problems() {
    assert!(Condition::named("k", "", Condition::RealmRole).is_err());
    assert!(Condition::named("k", "", Condition::Group).is_err());
    let problem = Condition::named("k", "a b", Condition::Scope).unwrap_err();
    assert_eq!(problem.hint.as_deref(), Some("write several scopes as a list"));
    assert!(Condition::named("k", "a b", Condition::RealmRole).is_ok());
}

#[test]
fn refusal_names_what_is_missing() {
    for (condition, code, detail) in [
        (Condition::RealmRole("r".into()), RefusalCode::RoleMissing, "realm role `r` is missing"),
        (
            Condition::client_role("k", "c/r").unwrap(),
            RefusalCode::RoleMissing,
            "role `r` of client `c` is missing",
        ),
        (Condition::Group("/g".into()), RefusalCode::GroupMissing, "group `/g` is missing"),
        (
            claim(json!({"name": "tier", "equals": "gold"})).unwrap(),
            RefusalCode::ClaimMismatch,
            "claim `tier` is not `\"gold\"`",
        ),
        (
            claim(json!({"name": "tier", "present": true})).unwrap(),
            RefusalCode::ClaimMismatch,
            "claim `tier` is missing",
        ),
        (
            claim(json!({"name": "tier", "present": false})).unwrap(),
            RefusalCode::ClaimMismatch,
            "claim `tier` is there",
        ),
    ] {
        let refusal = condition.missing();
        assert_eq!((refusal.code, refusal.detail.as_str()), (code, detail));
        assert_eq!(refusal.source, DecisionSource::Claims);
        assert!(refusal.scopes.is_empty() && refusal.permissions.is_empty());
    }
    let refusal = Condition::Scope("s".into()).missing();
    assert_eq!((refusal.code, refusal.scopes), (RefusalCode::ScopeMissing, vec!["s".to_owned()]));
}

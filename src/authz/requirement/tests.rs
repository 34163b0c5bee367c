use std::cell::RefCell;

use http::Method;
use serde_json::{Value, json};

use super::{Judgement, Needs, Question, RequestFacts, Requirement};
use crate::authz::outcomes::Outcomes;
use crate::authz::{Model, Refusal, RefusalCode};
use crate::config::{Problem, RequireConditions, RequireConfig};
use crate::token::Principal;

fn compile(config: Value) -> Result<Requirement, Vec<Problem>> {
    Requirement::compile("r", &serde_json::from_value(config).unwrap())
}

fn requirement(config: Value) -> Requirement {
    compile(config).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn principal(claims: Value) -> Principal {
    Principal::from_claims("shop".into(), claims.to_string().as_bytes()).unwrap()
}

/// Role `a`, scope `a`, group `/a`, and none of client `c`.
fn alice() -> Principal {
    principal(json!({
        "realm_access": {"roles": ["a"]}, "resource_access": {"c": {"roles": []}}, "scope": "a", "groups": ["/a"],
    }))
}

/// Judges for alice; the answers are by resource.
fn judge(config: Value, answers: &[(&str, bool)]) -> Judgement {
    judge_asking(config, answers).0
}

/// The same, with the resources that were asked for.
fn judge_asking(config: Value, answers: &[(&str, bool)]) -> (Judgement, Vec<String>) {
    let asked = RefCell::new(Vec::new());
    let mut answer = |question: &Question| {
        asked.borrow_mut().push(question.resource.clone());
        answers
            .iter()
            .find(|(resource, _)| *resource == question.resource)
            .map(|(_, granted)| Outcomes::of(*granted))
    };
    let request = RequestFacts { method: &Method::GET, path: "/x" };
    let judgement = requirement(config).judge(&alice(), request, None, &mut answer);
    (judgement, asked.into_inner())
}

fn refusal(config: Value, answers: &[(&str, bool)]) -> Refusal {
    match judge(config.clone(), answers) {
        Judgement::NotMet { refusal, .. } => refusal,
        other => panic!("{config}: {other:?}"),
    }
}

fn open(config: Value, answers: &[(&str, bool)]) -> Vec<String> {
    match judge(config.clone(), answers) {
        Judgement::Open(questions) => questions.into_iter().map(|question| question.resource).collect(),
        other => panic!("{config}: {other:?}"),
    }
}

fn permission(resource: &str) -> Value {
    json!({"permission": {"resource": resource, "scopes": ["view"]}})
}

#[test]
fn keywords_need_no_condition() {
    assert_eq!(requirement(json!("public")).needs(), Needs::Nothing);
    assert_eq!(requirement(json!("authenticated")).needs(), Needs::Token);
    assert_eq!(judge(json!("public"), &[]), Judgement::Met);
    assert_eq!(judge(json!("authenticated"), &[]), Judgement::Met);
}

#[test]
fn needs_are_those_of_the_whole_tree() {
    assert_eq!(requirement(json!({"realm_role": "a"})).needs(), Needs::Token);
    let deep = json!({"realm_role": "a", "any": [{"scope": "a"}, {"not": {"all": [permission("P")]}}]});
    assert_eq!(requirement(deep.clone()).needs(), Needs::Permissions);
    assert!(!requirement(deep).finds_resource_by_path());
    let by_path = json!({"any": [{"scope": "a"}, {"permission": {"scopes": ["view"]}}]});
    assert!(requirement(by_path).finds_resource_by_path());
}

#[test]
fn conditions_of_a_table_are_all_needed() {
    assert_eq!(judge(json!({"realm_role": ["a"], "scope": "a", "group": "/a"}), &[]), Judgement::Met);
    for config in [
        json!({"realm_role": ["a", "b"]}),
        json!({"realm_role": "a", "scope": ["a", "b"]}),
        json!({"realm_role": "a", "group": "/b"}),
        json!({"realm_role": "a", "client_role": "c/b"}),
        json!({"realm_role": "a", "claim": {"name": "x", "present": true}}),
        json!({"realm_role": "a", "all": [{"scope": "a"}, {"scope": "b"}]}),
        json!({"realm_role": "a", "any": [{"scope": "b"}, {"scope": "c"}]}),
        json!({"realm_role": "a", "not": {"scope": "a"}}),
    ] {
        refusal(config, &[]);
    }
}

#[test]
fn one_of_any_is_enough() {
    assert_eq!(judge(json!({"any": [{"scope": "b"}, {"realm_role": "a"}]}), &[]), Judgement::Met);
}

#[test]
fn not_is_the_opposite() {
    assert_eq!(judge(json!({"not": {"realm_role": "b"}}), &[]), Judgement::Met);
    assert_eq!(judge(json!({"not": {"not": {"realm_role": "a"}}}), &[]), Judgement::Met);
    assert_eq!(judge(json!({"not": {"any": [{"scope": "b"}, {"scope": "c"}]}}), &[]), Judgement::Met);
    let refusal = refusal(json!({"not": {"realm_role": "a"}}), &[]);
    assert_eq!(refusal.code, RefusalCode::RequirementNotMet);
    assert_eq!(refusal.detail, "realm role `a` is there, which `not` forbids");
}

#[test]
fn not_over_what_the_token_does_not_tell_is_refused() {
    let request = RequestFacts { method: &Method::GET, path: "/x" };
    let judge =
        |config| requirement(config).judge(&principal(json!({"sub": "s"})), request, None, &mut |_| None);
    for config in [
        json!({"not": {"group": "/banned"}}),
        json!({"not": {"all": [{"group": "/a"}, {"realm_role": "b"}]}}),
        json!({"not": {"any": [{"group": "/a"}, {"claim": {"name": "x", "present": true}}]}}),
    ] {
        assert!(matches!(judge(config.clone()), Judgement::NotMet { .. }), "{config}");
    }
    let Judgement::NotMet { refusal, .. } = judge(json!({"not": {"group": "/banned"}})) else { panic!() };
    assert_eq!(
        refusal.detail,
        "whether `not` holds cannot be told: claim `groups` is missing, or of another type"
    );
    let spelled_out =
        json!({"any": [{"claim": {"name": "groups", "present": false}}, {"not": {"group": "/banned"}}]});
    assert_eq!(judge(spelled_out), Judgement::Met);
}

#[test]
fn permission_is_open_until_it_is_answered() {
    assert_eq!(open(permission("P"), &[]), ["P"]);
    assert_eq!(judge(permission("P"), &[("P", true)]), Judgement::Met);
    assert_eq!(judge(json!({"not": permission("P")}), &[("P", false)]), Judgement::Met);
    assert_eq!(open(json!({"not": permission("P")}), &[]), ["P"]);
    let refusal = refusal(permission("P"), &[("P", false)]);
    assert_eq!(refusal.code, RefusalCode::PermissionDenied);
    assert_eq!(refusal.detail, "permission `P#view` is not granted");
    assert_eq!(refusal.permissions, [("P".to_owned(), vec!["view".to_owned()])]);
}

#[test]
fn nothing_is_asked_that_the_claims_decide() {
    for config in [
        json!({"permission": {"resource": "P"}, "realm_role": "b"}),
        json!({"any": [permission("P"), {"realm_role": "a"}]}),
        json!({"not": {"all": [permission("P"), {"realm_role": "b"}]}}),
        json!({"any": [{"all": [permission("P"), {"realm_role": "b"}]}, {"realm_role": "a"}]}),
    ] {
        let (judgement, asked) = judge_asking(config.clone(), &[]);
        assert!(!matches!(judgement, Judgement::Open(_)), "{config}");
        assert!(asked.is_empty(), "{config}: {asked:?}");
    }
}

#[test]
fn only_questions_that_still_matter_are_open() {
    let all = json!({"all": [permission("P"), permission("Q"), permission("P")]});
    assert_eq!(open(all.clone(), &[]), ["P", "Q"]);
    assert_eq!(open(all.clone(), &[("P", true)]), ["Q"]);
    refusal(all, &[("P", false)]);
    let any = json!({"any": [permission("P"), permission("Q")]});
    assert_eq!(open(any.clone(), &[("Q", false)]), ["P"]);
    assert_eq!(judge(any, &[("Q", true)]), Judgement::Met);
    // The first branch is lost: a role is missing there.
    let branches = json!({"any": [{"all": [permission("P"), {"realm_role": "b"}]}, permission("Q")]});
    assert_eq!(open(branches, &[]), ["Q"]);
    // The first branch cannot be judged: there are no settings to find a resource in.
    let stuck = json!({"any": [{"all": [permission("P"), {"permission": {}}]}, permission("Q")]});
    assert_eq!(open(stuck, &[]), ["Q"]);
}

#[test]
fn resource_that_is_not_found_is_never_met_not_even_by_not() {
    let by_path = json!({"permission": {"scopes": ["view"]}});
    for config in [by_path.clone(), json!({"not": by_path}), json!({"not": {"not": by_path}})] {
        assert_eq!(refusal(config.clone(), &[]).code, RefusalCode::ResourceUnknown, "{config}");
    }
    assert_eq!(judge(json!({"any": [by_path, {"realm_role": "a"}]}), &[]), Judgement::Met);
    assert!(refusal(json!({"all": [by_path, permission("P")]}), &[]).permissions.is_empty());
}

#[test]
fn refusal_says_what_would_help() {
    use RefusalCode::{GroupMissing, PermissionDenied, RequirementNotMet, RoleMissing, ScopeMissing};
    for (config, code, detail) in [
        (
            json!({"realm_role": ["b", "d"]}),
            RoleMissing,
            "realm role `b` is missing and realm role `d` is missing",
        ),
        (json!({"realm_role": ["a", "b"]}), RoleMissing, "realm role `b` is missing"),
        (json!({"group": ["/a", "/b"]}), GroupMissing, "group `/b` is missing"),
        (
            json!({"realm_role": "b", "scope": "b"}),
            RequirementNotMet,
            "realm role `b` is missing and scope `b` is missing",
        ),
        (
            json!({"realm_role": "b", "any": [{"scope": "b"}, {"group": "/b"}]}),
            RequirementNotMet,
            "realm role `b` is missing and (scope `b` is missing or group `/b` is missing)",
        ),
        (
            json!({"any": [{"scope": "b"}, {"scope": "d"}]}),
            ScopeMissing,
            "scope `b` is missing or scope `d` is missing",
        ),
        (permission("P"), PermissionDenied, "permission `P#view` is not granted"),
    ] {
        let refusal = refusal(config, &[("P", false)]);
        assert_eq!((refusal.code, refusal.detail.as_str()), (code, detail));
    }
}

#[test]
fn scopes_of_a_refusal_are_there_only_if_scopes_are_the_cause() {
    let scopes = |config| refusal(config, &[("P", false)]).scopes;
    assert_eq!(scopes(json!({"scope": ["a", "b", "d"]})), ["b", "d"]);
    assert_eq!(scopes(json!({"any": [{"scope": ["b", "d"]}, {"scope": "e"}]})), ["b", "d"]);
    assert!(scopes(json!({"scope": "b", "realm_role": "b"})).is_empty());
    assert!(scopes(json!({"any": [{"scope": "b"}, {"realm_role": "b"}]})).is_empty());
    assert!(scopes(json!({"not": {"scope": "a"}})).is_empty());
}

#[test]
fn permissions_of_a_refusal_are_there_only_if_they_would_help() {
    let permissions = |config, answers: &[(&str, bool)]| {
        let permissions = refusal(config, answers).permissions.into_iter();
        permissions.map(|(resource, _)| resource).collect::<Vec<_>>()
    };
    let denied = [("P", false), ("Q", false)];
    assert_eq!(permissions(json!({"all": [permission("P"), permission("Q")]}), &denied), ["P", "Q"]);
    assert_eq!(permissions(json!({"any": [permission("P"), {"realm_role": "b"}]}), &denied), ["P"]);
    assert_eq!(permissions(json!({"all": [permission("P"), permission("Q")]}), &denied[..1]), ["P"]);
    assert!(permissions(json!({"all": [permission("P"), {"realm_role": "b"}]}), &denied).is_empty());
    assert!(permissions(json!({"not": permission("P")}), &[("P", true)]).is_empty());
}

#[test]
fn claims_that_could_change_the_answer_are_lacking() {
    let lightweight = principal(json!({"sub": "s", "scope": "a"}));
    let lacks = |config| requirement(config).lacks_claims(&lightweight);
    for config in [
        json!({"realm_role": "a"}),
        json!({"client_role": "c/a"}),
        json!({"group": "/a"}),
        json!({"claim": {"name": "tier", "equals": "gold"}}),
        json!({"claim": {"name": "tier", "present": false}}),
        json!({"not": {"realm_role": "a"}}),
        json!({"scope": "a", "realm_role": "a"}),
        json!({"permission": {"resource": "P"}, "realm_role": "a"}),
        json!({"any": [permission("P"), {"realm_role": "a"}]}),
    ] {
        assert!(lacks(config.clone()), "{config}");
        let full = json!({"realm_access": {"roles": []}, "resource_access": {"c": {"roles": []}}, "scope": "a", "groups": [], "tier": "x"});
        assert!(!requirement(config.clone()).lacks_claims(&principal(full)), "{config}");
    }
    for config in [
        json!("public"),
        json!("authenticated"),
        json!({"scope": "a"}),
        json!({"scope": "b", "realm_role": "a"}),
        json!({"any": [{"scope": "a"}, {"realm_role": "a"}]}),
        permission("P"),
    ] {
        assert!(!lacks(config.clone()), "{config}");
    }
}

#[test]
fn offline_answers_are_by_scope() {
    let judge = |config, granted: &dyn Fn(&str, &str) -> bool| {
        let model = Model::parse(br#"{"resources": [{"name": "Found", "uris": ["/x"]}]}"#).unwrap();
        requirement(config).judge_with(&alice(), &Method::GET, "/x", Some(&model), granted)
    };
    let view = |resource: &str, scope: &str| resource == "P" && scope == "view";
    let both = json!({"permission": {"resource": "P", "scopes": ["view", "edit"]}});
    assert_eq!(judge(both.clone(), &view).unwrap_err().code, RefusalCode::PermissionDenied);
    assert_eq!(judge(both, &|_, _| true), Ok(()));
    assert_eq!(
        judge(json!({"permission": {"resource": "P", "scopes": ["view", "edit"], "mode": "any"}}), &view),
        Ok(())
    );
    assert!(judge(json!({"permission": {"resource": "P"}}), &view).is_err());
    assert_eq!(judge(json!({"permission": {"resource": "P"}}), &|_, scope| scope.is_empty()), Ok(()));
    assert_eq!(
        judge(json!({"permission": {"method_as_scope": true}}), &|resource, scope| (resource, scope)
            == ("Found", "GET")),
        Ok(())
    );
}

#[test]
fn all_problems_are_reported_at_once_with_their_keys() {
    let problems = compile(json!({
        "realm_role": "",
        "client_role": ["c/a", "a"],
        "claim": {"name": "x", "matches": "("},
        "permission": {"resource": "", "methods": {"get": ["a"]}},
        "all": [{"scope": "a b"}, "authenticated"],
        "any": [{}, {"not": "public"}],
    }))
    .unwrap_err();
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "r.realm_role",
            "r.client_role",
            "r.claim.matches",
            "r.permission.resource",
            "r.permission.methods.get",
            "r.all.0.scope",
            "r.all.1",
            "r.any.1.not",
        ]
    );
}

#[test]
fn table_without_a_condition_is_a_problem() {
    // Of a file the configuration refuses it; a library may still make one.
    let empty = || RequireConfig::Conditions(Box::default());
    let table = |conditions| RequireConfig::Conditions(Box::new(conditions));
    for (config, key) in [
        (empty(), "r"),
        (table(RequireConditions { any: vec![empty()], ..Default::default() }), "r.any.0"),
        (table(RequireConditions { not: Some(empty()), ..Default::default() }), "r.not"),
    ] {
        let problems = Requirement::compile("r", &config).unwrap_err();
        assert!(problems.iter().any(|problem| problem.key == key), "{problems:?}");
    }
}

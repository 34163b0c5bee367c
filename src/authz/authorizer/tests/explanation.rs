//! What a refusal tells of how the settings came to it.

use super::order::{Local, with_roles};
use super::*;
use crate::authz::UserNames;

async fn explanation(
    local: &Local,
    require: Value,
    roles: &[&str],
    evaluation: EvaluationMode,
) -> Option<String> {
    let refusal = refused(local.ask(require, &with_roles(roles), evaluation).await);
    refusal.trace.map(|trace| trace.summary(UserNames::Included))
}

#[tokio::test]
async fn refusal_by_the_settings_names_the_policy_and_what_it_wants() {
    let local = Local::start().await;
    let expected = "`Orders#edit`: refused; permission `edit` says no: policy `managers` says no, it wants role `manager`";
    for mode in [EvaluationMode::Local, EvaluationMode::LocalOrRemote] {
        let told = explanation(&local, permission("Orders", &["edit"]), &["reader"], mode).await;
        assert_eq!(told.as_deref(), Some(expected));
    }
    let both = json!({ "any": [permission("Orders", &["edit"]), permission("Orders", &["view"])] });
    let told = explanation(&local, both, &[], EvaluationMode::Local).await.unwrap();
    assert!(told.starts_with(expected) && told.contains("; `Orders#view`: refused"), "{told}");
}

#[tokio::test]
async fn a_yes_that_is_not_wanted_is_of_those_who_said_it() {
    let local = Local::start().await;
    let not = json!({ "not": permission("Orders", &["view"]) });
    let reader = with_roles(&["reader"]);
    let refusal = refused(local.ask(not.clone(), &reader, EvaluationMode::Local).await);
    assert_eq!((refusal.code, refusal.source), (RefusalCode::RequirementNotMet, DecisionSource::Local));
    local.bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    for source in [DecisionSource::Keycloak, DecisionSource::Cache] {
        let refusal = refused(local.ask(not.clone(), &reader, EvaluationMode::Remote).await);
        assert_eq!(refusal.source, source);
    }
    let by_claims =
        json!({ "not": { "any": [{ "realm_role": "reader" }, permission("Orders", &["view"])] } });
    let refusal = refused(local.ask(by_claims, &reader, EvaluationMode::Local).await);
    assert_eq!(refusal.source, DecisionSource::Claims);
}

#[tokio::test]
async fn only_what_stands_in_the_way_is_told() {
    let local = Local::start().await;
    let require =
        json!({ "all": [{ "not": permission("Orders", &["edit"]) }, permission("Orders", &["view"])] });
    let told = explanation(&local, require, &[], EvaluationMode::Local).await.unwrap();
    assert!(told.contains("`Orders#view`") && !told.contains("`Orders#edit`"), "{told}");
    let granted = json!({ "not": permission("Orders", &["view"]) });
    assert_eq!(explanation(&local, granted, &["reader"], EvaluationMode::Local).await, None);
}

#[tokio::test]
async fn decision_of_others_has_no_explanation() {
    let local = Local::start().await;
    local.bench.realm.on("token", json_reply(denied().0, denied().1));
    let view = permission("Orders", &["view"]);
    let by_claims = json!({ "all": [{ "realm_role": "boss" }, view.clone()] });
    assert_eq!(explanation(&local, by_claims, &["reader"], EvaluationMode::Local).await, None);
    for mode in [EvaluationMode::Remote, EvaluationMode::LocalOrRemote] {
        // The second time it is remembered.
        assert_eq!(explanation(&local, view.clone(), &[], mode).await, None);
    }
}

#[tokio::test]
async fn what_keycloak_does_not_know_and_fails_at_is_told() {
    let local = Local::start().await;
    let none = permission("Orders", &["pay"]);
    for require in [none.clone(), json!({ "not": none })] {
        let told = explanation(&local, require, &["reader"], EvaluationMode::Local).await.unwrap();
        assert_eq!(told, "`Orders#pay`: keycloak answers: One of the given scopes [pay] is invalid");
    }
    let broken = permission("Broken", &["broken"]);
    let told = explanation(&local, broken, &["reader"], EvaluationMode::Local).await.unwrap();
    assert!(
        told.contains("keycloak fails at it; permission `broken` fails in keycloak: policy `scoped`"),
        "{told}"
    );
}

//! The order: permissions in the token, remembered decisions, settings, Keycloak; and what a route wants of it.

use super::*;
use crate::authz::Keep;

/// Readers view, managers edit; who is an auditor, only Keycloak knows.
pub(super) fn settings() -> Value {
    let policy =
        |name: &str, kind: &str, config: Value| json!({ "name": name, "type": kind, "config": config });
    let on = |resource: &str, name: &str, scope: &str, policy: &str| {
        json!({ "name": name, "type": "scope", "config": {
            "resources": json!([resource]).to_string(), "scopes": json!([scope]).to_string(), "applyPolicies": json!([policy]).to_string() } })
    };
    let permission = |name: &str, scope: &str, policy: &str| on("Orders", name, scope, policy);
    let role = |name: &str| json!({ "roles": json!([{ "id": name }]).to_string() });
    json!({
        "scopes": [{ "name": "view" }, { "name": "edit" }, { "name": "audit" }, { "name": "now" }, { "name": "broken" }],
        "resources": [{ "name": "Orders", "uris": ["/orders/*"], "scopes": [
            { "name": "view" }, { "name": "edit" }, { "name": "audit" }] },
            { "name": "Clock", "uris": [], "scopes": [{ "name": "now" }] },
            { "name": "Broken", "uris": [], "scopes": [{ "name": "broken" }] }],
        "policies": [
            policy("readers", "role", role("reader")), policy("managers", "role", role("manager")),
            policy("auditors", "role", json!({ "roles": "[{\"id\":\"auditor\"}]", "fetchRoles": "true" })),
            policy("since", "time", json!({ "nbf": "1970-01-01 00:00:00" })),
            policy("scoped", "client-scope", json!({ "clientScopes": "[{\"id\":\"x\"}]" })),
            permission("view", "view", "readers"), permission("edit", "edit", "managers"),
            permission("audit", "audit", "auditors"), on("Clock", "now", "now", "since"),
            on("Broken", "broken", "broken", "scoped"),
        ],
    })
}

pub(super) struct Local {
    pub(super) bench: Bench,
    _folder: tempfile::TempDir,
}

impl Local {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        std::fs::write(&file, settings().to_string()).unwrap();
        let bench = Bench::with(|config| {
            config.authorization.settings = Some(file);
            config.authorization.server_timezone = Some("UTC".to_owned());
        });
        Self { bench: bench.await, _folder: folder }
    }

    pub(super) async fn ask(
        &self,
        require: Value,
        token: &Arc<VerifiedToken>,
        evaluation: EvaluationMode,
    ) -> Decision {
        self.pushing(require, token, evaluation, &PushedClaims::default()).await
    }

    async fn pushing(
        &self,
        require: Value,
        token: &Arc<VerifiedToken>,
        evaluation: EvaluationMode,
        pushed: &PushedClaims,
    ) -> Decision {
        let ask = Ask {
            requirement: &requirement(require),
            enforcement: EnforcementMode::Enforcing,
            evaluation,
            token,
            identity: &LazyIdentity::default(),
            bearer: BEARER,
            pushed,
            method: &http::Method::GET,
            path: "/orders/1",
            now: NOW,
            verify: None,
        };
        match self.bench.authorizer.decide(ask) {
            Decided::Now(decision) => decision,
            Decided::Later { decision, .. } => decision.await,
        }
    }
}

pub(super) fn with_roles(roles: &[&str]) -> Arc<VerifiedToken> {
    let claims = json!({ "azp": "web", "preferred_username": "u", "realm_access": { "roles": roles } });
    token(claims, NOW + 300)
}

const ALL: [EvaluationMode; 3] =
    [EvaluationMode::Local, EvaluationMode::Remote, EvaluationMode::LocalOrRemote];

#[tokio::test]
async fn settings_decide_without_a_call() {
    let local = Local::start().await;
    let (reader, manager) = (with_roles(&["reader"]), with_roles(&["reader", "manager"]));
    for mode in [EvaluationMode::Local, EvaluationMode::LocalOrRemote] {
        let permit = granted(local.ask(permission("Orders", &["view"]), &reader, mode).await);
        assert_eq!(permit.source(), DecisionSource::Local);
        let refusal = refused(local.ask(permission("Orders", &["edit"]), &reader, mode).await);
        assert_eq!((refusal.code, refusal.source), (RefusalCode::PermissionDenied, DecisionSource::Local));
        assert_eq!(refusal.permissions, [("Orders".to_owned(), vec!["edit".to_owned()])]);
        granted(local.ask(permission("Orders", &["view", "edit"]), &manager, mode).await);
    }
    assert_eq!(local.bench.calls(), 0);
}

#[tokio::test]
async fn one_of_several_scopes_is_enough_only_in_mode_any() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let any = json!({ "permission": { "resource": "Orders", "scopes": ["view", "edit"], "mode": "any" } });
    granted(local.ask(any, &reader, EvaluationMode::Local).await);
    refused(local.ask(permission("Orders", &["view", "edit"]), &reader, EvaluationMode::Local).await);
    // What can only Keycloak know does not matter where the rest decides.
    let with_audit =
        json!({ "permission": { "resource": "Orders", "scopes": ["view", "audit"], "mode": "any" } });
    granted(local.ask(with_audit, &reader, EvaluationMode::Local).await);
    refused(local.ask(permission("Orders", &["edit", "audit"]), &reader, EvaluationMode::Local).await);
    assert_eq!(local.bench.calls(), 0);
}

#[tokio::test]
async fn what_settings_do_not_determine_is_asked_or_refused_with_the_reason() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let audit = permission("Orders", &["audit"]);
    let refusal = refused(local.ask(audit.clone(), &reader, EvaluationMode::Local).await);
    assert_eq!((refusal.code, refusal.source), (RefusalCode::DecisionUnavailable, DecisionSource::Local));
    assert!(refusal.detail.contains("auditors"), "{}", refusal.detail);
    assert_eq!(local.bench.calls(), 0);
    local.bench.realm.on("token", json_reply(200, grant(&[("Orders", &["audit"])])));
    for source in [DecisionSource::Keycloak, DecisionSource::Cache] {
        let permit = granted(local.ask(audit.clone(), &reader, EvaluationMode::LocalOrRemote).await);
        assert_eq!((permit.source(), permit.keep()), (source, None));
    }
    let refusal = refused(local.ask(audit, &reader, EvaluationMode::Local).await);
    assert_eq!(refusal.code, RefusalCode::DecisionUnavailable, "what others were told does not count");
}

#[tokio::test]
async fn remote_route_asks_keycloak_whatever_the_settings_say() {
    let local = Local::start().await;
    local.bench.realm.on("token", json_reply(denied().0, denied().1));
    let reader = with_roles(&["reader"]);
    let refusal = refused(local.ask(permission("Orders", &["view"]), &reader, EvaluationMode::Remote).await);
    assert_eq!(refusal.source, DecisionSource::Keycloak);
    // And what it said is remembered before the settings are looked at.
    let mode = EvaluationMode::LocalOrRemote;
    let refusal = refused(local.ask(permission("Orders", &["view"]), &reader, mode).await);
    assert_eq!(refusal.source, DecisionSource::Cache);
}

#[tokio::test]
async fn permissions_inside_the_token_come_first() {
    let local = Local::start().await;
    let permissions = json!({ "permissions": [{ "rsname": "Orders", "scopes": ["edit"] }] });
    let rpt = token(json!({ "aud": "orders-api", "authorization": permissions }), NOW + 300);
    for mode in ALL {
        let permit = granted(local.ask(permission("Orders", &["edit"]), &rpt, mode).await);
        assert_eq!(permit.source(), DecisionSource::Rpt);
    }
    assert_eq!(local.bench.calls(), 0);
}

#[tokio::test]
async fn unknown_is_neither_yes_nor_no_also_by_the_settings() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    for unknown in [permission("Nothing", &["view"]), permission("Orders", &["pay"])] {
        for require in [unknown.clone(), json!({ "not": unknown })] {
            refused(local.ask(require, &reader, EvaluationMode::Local).await);
        }
    }
    granted(
        local.ask(json!({ "not": permission("Orders", &["edit"]) }), &reader, EvaluationMode::Local).await,
    );
}

#[tokio::test]
async fn policy_that_fails_in_keycloak_is_no_decision() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let broken = permission("Broken", &["broken"]);
    for require in [broken.clone(), json!({ "not": broken })] {
        let refusal = refused(local.ask(require, &reader, EvaluationMode::Local).await);
        assert_eq!(refusal.code, RefusalCode::DecisionUnavailable);
    }
}

#[tokio::test]
async fn answer_of_introspection_is_not_what_keycloak_would_be_asked_with() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let principal = Principal::from_claims("shop".into(), reader.principal.claims_json()).unwrap();
    let told =
        Arc::new(VerifiedToken { principal, source: TokenSource::Introspection, usable_until: NOW + 300 });
    let refusal = refused(local.ask(permission("Orders", &["view"]), &told, EvaluationMode::Local).await);
    assert_eq!(refusal.code, RefusalCode::DecisionUnavailable);
}

#[tokio::test]
async fn permit_stands_while_nothing_that_it_depends_on_changes() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let permit = granted(local.ask(permission("Orders", &["view"]), &reader, EvaluationMode::Local).await);
    let version = local.bench.authorizer.settings_version();
    assert_eq!(permit.keep(), Some(Keep { version, until: i64::MAX }));
    let permit = granted(local.ask(permission("Clock", &["now"]), &reader, EvaluationMode::Local).await);
    assert_eq!(permit.keep(), None, "a policy about time has a part in it");
}

#[tokio::test]
async fn pushed_claims_are_part_of_the_question() {
    let local = Local::start().await;
    let reader = with_roles(&["reader"]);
    let pushed = |tenant: &str| PushedClaims::new([("tenant".to_owned(), vec![tenant.to_owned()])]);
    local.bench.realm.on(
        "token",
        reply_with(|request| match request.all("claim_token").first() {
            // {"tenant":["a"]}
            Some(&"eyJ0ZW5hbnQiOlsiYSJdfQ") => (200, grant(&[("Orders", &["view"])])),
            _ => denied(),
        }),
    );
    let mode = EvaluationMode::Remote;
    for _ in 0..2 {
        granted(local.pushing(permission("Orders", &["view"]), &reader, mode, &pushed("a")).await);
        refused(local.pushing(permission("Orders", &["view"]), &reader, mode, &pushed("b")).await);
    }
    assert_eq!(local.bench.calls(), 2, "each is remembered by itself");
}

#[tokio::test]
async fn public_client_that_may_not_push_claims_is_no_yes_to_the_opposite() {
    let local = Local::start().await;
    local.bench.realm.on("token", json_reply(403, json!({ "error": "invalid_grant" })));
    let pushed = PushedClaims::new([("tenant".to_owned(), vec!["a".to_owned()])]);
    let view = permission("Orders", &["view"]);
    for require in [view.clone(), json!({ "not": view })] {
        let mode = EvaluationMode::Remote;
        refused(local.pushing(require, &with_roles(&["reader"]), mode, &pushed).await);
    }
}

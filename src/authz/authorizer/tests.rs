mod doubt;
mod explanation;
mod fetched;
mod order;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::*;
use crate::authz::{DecisionSource, Refusal, RefusalCode};
use crate::config::{Period, RequireConfig};
use crate::oidc::fake_realm::{FakeRealm, json_reply, misbehaviours, reply_with};
use crate::token::{Principal, TokenSource};

const NOW: i64 = 1_000_000;
const BEARER: &str = "the.callers.token";

struct Bench {
    realm: FakeRealm,
    config: ProviderConfig,
    authorizer: Authorizer,
    evaluation: EvaluationMode,
}

impl Bench {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut ProviderConfig)) -> Self {
        let realm = FakeRealm::start().await;
        let mut config = realm.config();
        config.authorization.resource_server = Some("orders-api".to_owned());
        change(&mut config);
        let authorizer = build(&config, None);
        Self { realm, config, authorizer, evaluation: EvaluationMode::default() }
    }

    async fn decide(&self, require: Value, bearer: &str) -> Decision {
        self.decide_with(require, bearer, &token(json!({}), NOW + 300), EnforcementMode::Enforcing).await
    }

    async fn decide_with(
        &self,
        require: Value,
        bearer: &str,
        token: &Arc<VerifiedToken>,
        enforcement: EnforcementMode,
    ) -> Decision {
        let requirement = requirement(require);
        let ask = Ask {
            requirement: &requirement,
            enforcement,
            evaluation: self.evaluation,
            token,
            identity: &LazyIdentity::default(),
            bearer,
            pushed: &PushedClaims::default(),
            method: &http::Method::GET,
            path: "/orders/1",
            now: NOW,
            verify: None,
        };
        match self.authorizer.decide(ask) {
            Decided::Now(decision) => decision,
            Decided::Later { decision, .. } => decision.await,
        }
    }

    fn calls(&self) -> usize {
        self.realm.asked("token").len()
    }
}

fn build(config: &ProviderConfig, previous: Option<&Authorizer>) -> Authorizer {
    assemble(config, previous).unwrap()
}

fn assemble(config: &ProviderConfig, previous: Option<&Authorizer>) -> Result<Authorizer, Problem> {
    let folder = Path::new("/");
    let oidc = Arc::new(OidcClient::build("providers.shop", config, folder).unwrap());
    let foundation =
        Foundation { key: "providers.shop.authorization", folder, control: &Handle::current(), previous };
    Authorizer::assemble(config, &"shop".into(), &oidc, foundation)
}

fn requirement(require: Value) -> Arc<Requirement> {
    let config: RequireConfig = serde_json::from_value(require).unwrap();
    Arc::new(Requirement::compile("routes.orders.require", &config).unwrap())
}

fn token(claims: Value, usable_until: i64) -> Arc<VerifiedToken> {
    let mut all = json!({ "iss": "https://sso.example.com", "sub": "u1", "exp": NOW + 300 });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let principal = Principal::from_claims("shop".into(), all.to_string().as_bytes()).unwrap();
    Arc::new(VerifiedToken { principal, source: TokenSource::Signature, usable_until })
}

fn permission(resource: &str, scopes: &[&str]) -> Value {
    json!({ "permission": { "resource": resource, "scopes": scopes } })
}

fn grant(permissions: &[(&str, &[&str])]) -> Value {
    permissions
        .iter()
        .map(|(name, scopes)| json!({ "rsid": "1", "rsname": name, "scopes": scopes }))
        .collect()
}

fn denied() -> (u16, Value) {
    (403, json!({ "error": "access_denied", "error_description": "not_authorized" }))
}

#[track_caller]
fn refused(decision: Decision) -> Refusal {
    match decision {
        Decision::Refused(refusal) => refusal,
        Decision::Granted(permit) => panic!("{permit:?}"),
    }
}

#[track_caller]
fn granted(decision: Decision) -> Permit {
    match decision {
        Decision::Granted(permit) => permit,
        Decision::Refused(refusal) => panic!("{refusal:?}"),
    }
}

#[tokio::test]
async fn keycloak_is_asked_once_and_its_yes_is_remembered() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view", "edit"])])));
    let first = granted(bench.decide(permission("Orders", &["view", "edit"]), BEARER).await);
    assert_eq!((first.mode(), first.source()), (PermitMode::Granted, DecisionSource::Keycloak));
    let again = granted(bench.decide(permission("Orders", &["edit", "view"]), BEARER).await);
    assert_eq!(again.source(), DecisionSource::Cache);
    let requests = bench.realm.asked("token");
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].authorization.as_deref(), Some("Bearer the.callers.token"));
    assert_eq!(requests[0].all("audience"), ["orders-api"]);
    assert_eq!(requests[0].all("permission"), ["Orders#view,edit"]);
}

#[tokio::test]
async fn denial_is_remembered_and_names_what_a_ticket_has_to_ask_for() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(denied().0, denied().1));
    for source in [DecisionSource::Keycloak, DecisionSource::Cache] {
        let refusal = refused(bench.decide(permission("Orders", &["view"]), BEARER).await);
        assert_eq!((refusal.code, refusal.source), (RefusalCode::PermissionDenied, source));
        assert_eq!(refusal.permissions, [("Orders".to_owned(), vec!["view".to_owned()])]);
    }
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn and_is_and() {
    let bench = Bench::start().await;
    let both = json!({ "all": [permission("Orders", &["view"]), permission("Bills", &["pay"])] });
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    assert_eq!(refused(bench.decide(both.clone(), "t1").await).code, RefusalCode::PermissionDenied);
    assert_eq!(bench.calls(), 1, "both are asked in one call");
    granted(bench.decide(permission("Orders", &["view"]), "t1").await);
    assert_eq!(bench.calls(), 1, "each is remembered on its own");
    bench.realm.on("token", json_reply(200, grant(&[("Bills", &["pay"]), ("Orders", &["view"])])));
    granted(bench.decide(both, "t2").await);
}

#[tokio::test]
async fn only_what_was_asked_and_granted_counts() {
    let bench = Bench::start().await;
    let answers = [
        json!([]),
        grant(&[("Bills", &["view"])]),
        grant(&[("Orders", &["edit"])]),
        grant(&[("Orders", &[])]),
        json!([{ "rsid": "Orders", "scopes": ["view"] }]),
        json!([{ "scopes": ["view"] }]),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        bench.realm.on("token", json_reply(200, answer.clone()));
        let refusal = refused(bench.decide(permission("Orders", &["view"]), &format!("t{number}")).await);
        assert_eq!(refusal.code, RefusalCode::PermissionDenied, "{answer}");
    }
}

#[tokio::test]
async fn misbehaving_realm_refuses_and_is_not_remembered() {
    let bench = Bench::with(|config| config.timeout = Period::millis(500)).await;
    bench
        .authorizer
        .remote()
        .oidc()
        .permissions(crate::oidc::PermissionRequest {
            token: "t",
            audience: "a",
            permissions: &["x".to_owned()],
            claims: None,
        })
        .await
        .unwrap_err();
    let canary = FakeRealm::start().await;
    for (name, reply) in misbehaviours(&canary) {
        bench.realm.on("token", reply);
        let refusal = refused(bench.decide(permission("Orders", &["view"]), BEARER).await);
        assert_eq!(refusal.code, RefusalCode::DecisionUnavailable, "{name}");
    }
    assert_eq!(canary.requests().len(), 0);
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
}

#[tokio::test]
async fn realm_that_is_down_refuses() {
    let bench =
        Bench::with(|config| config.internal_url = Some("http://127.0.0.1:1/realms/shop".to_owned())).await;
    let refusal = refused(bench.decide(permission("Orders", &[]), BEARER).await);
    assert_eq!((refusal.code, refusal.source), (RefusalCode::DecisionUnavailable, DecisionSource::Keycloak));
    assert!(!refusal.detail.contains(BEARER), "{}", refusal.detail);
}

#[tokio::test]
async fn equal_questions_that_wait_together_make_one_call() {
    // Nothing is remembered, so a second call could only be spared by waiting together.
    let bench = Bench::with(|config| config.authorization.cache.allow_ttl = Period::secs(0)).await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    bench.realm.hold();
    let all = join_all((0..50).map(|_| bench.decide(permission("Orders", &["view"]), BEARER)));
    let release = async {
        until(|| !bench.realm.requests().is_empty()).await;
        bench.realm.open();
    };
    let (decisions, ()) = tokio::join!(all, release);
    assert_eq!(decisions.into_iter().map(granted).count(), 50);
    assert_eq!(bench.calls(), 1);
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    assert_eq!(bench.calls(), 2, "a flight that has landed is not joined");
}

#[tokio::test]
async fn questions_of_different_callers_are_not_joined() {
    let bench = Bench::start().await;
    bench.realm.on(
        "token",
        reply_with(|request| match request.authorization.as_deref() {
            Some("Bearer alice") => (200, grant(&[("Orders", &["view"])])),
            _ => denied(),
        }),
    );
    let asked = (0..20).map(|number| {
        let bearer = if number % 2 == 0 { "alice" } else { "bob" };
        bench.decide(permission("Orders", &["view"]), bearer)
    });
    for (number, decision) in join_all(asked).await.into_iter().enumerate() {
        assert_eq!(matches!(decision, Decision::Granted(_)), number % 2 == 0);
    }
    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn call_goes_on_when_its_first_caller_goes_away() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    bench.realm.hold();
    {
        let mut first = Box::pin(bench.decide(permission("Orders", &["view"]), BEARER));
        tokio::select! {
            biased;
            _ = &mut first => panic!("nothing was answered yet"),
            () = until(|| !bench.realm.requests().is_empty()) => {}
        }
    }
    bench.realm.open();
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn token_that_keycloak_does_not_take_is_refused_whatever_the_requirement() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(400, json!({ "error": "invalid_grant" })));
    let orders = permission("Orders", &["view"]);
    for require in
        [orders.clone(), json!({ "not": orders }), json!({ "any": [orders, permission("Bills", &[])] })]
    {
        let refusal = refused(bench.decide(require.clone(), BEARER).await);
        assert_eq!(refusal.code, RefusalCode::TokenRefused, "{require}");
    }
}

#[tokio::test]
async fn claims_decide_before_keycloak_is_asked() {
    let bench = Bench::start().await;
    let require = json!({ "realm_role": "reader", "permission": { "resource": "Orders" } });
    let refusal = refused(bench.decide(require, BEARER).await);
    assert_eq!((refusal.code, refusal.source), (RefusalCode::RoleMissing, DecisionSource::Claims));
    let permit = granted(bench.decide(json!("authenticated"), BEARER).await);
    assert_eq!(permit.source(), DecisionSource::Claims);
    assert_eq!(bench.realm.requests().len(), 0);
}

#[tokio::test]
async fn permissions_inside_the_token_spare_the_call() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(denied().0, denied().1));
    let permissions = json!({ "permissions": [{ "rsname": "Orders", "scopes": ["view"] }] });
    let rpt = token(json!({ "aud": "orders-api", "authorization": permissions }), NOW + 300);
    let enforcing = EnforcementMode::Enforcing;
    let permit = granted(bench.decide_with(permission("Orders", &["view"]), BEARER, &rpt, enforcing).await);
    assert_eq!(permit.source(), DecisionSource::Rpt);
    assert_eq!(bench.calls(), 0);
    refused(bench.decide_with(permission("Orders", &["edit"]), BEARER, &rpt, enforcing).await);
    assert_eq!(bench.calls(), 1, "what the token lacks is asked");
    let foreign = token(json!({ "aud": "other", "authorization": permissions }), NOW + 300);
    refused(bench.decide_with(permission("Orders", &["view"]), BEARER, &foreign, enforcing).await);
    assert_eq!(bench.calls(), 2, "made for another resource server");
}

#[tokio::test]
async fn decision_does_not_outlive_the_token() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    let ending = token(json!({}), NOW + 1);
    for calls in 1..=2 {
        let ask =
            bench.decide_with(permission("Orders", &["view"]), BEARER, &ending, EnforcementMode::Enforcing);
        granted(ask.await);
        assert_eq!(bench.calls(), calls);
    }
}

#[tokio::test]
async fn remembered_denial_ends() {
    let bench = Bench::with(|config| config.authorization.cache.deny_ttl = Period::millis(50)).await;
    bench.realm.on("token", json_reply(denied().0, denied().1));
    refused(bench.decide(permission("Orders", &["view"]), BEARER).await);
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    let started = Instant::now();
    while let Decision::Refused(_) = bench.decide(permission("Orders", &["view"]), BEARER).await {
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn one_unknown_permission_does_not_spoil_the_others() {
    let bench = Bench::start().await;
    bench.realm.on(
        "token",
        reply_with(|request| {
            if request.all("permission").iter().any(|one| one.starts_with("Nothing")) {
                (400, json!({ "error": "invalid_resource" }))
            } else {
                (200, grant(&[("Orders", &["view"])]))
            }
        }),
    );
    let require = json!({ "any": [permission("Nothing", &["view"]), permission("Orders", &["view"])] });
    granted(bench.decide(require, BEARER).await);
    assert_eq!(bench.calls(), 3, "together, then each alone");
}

#[tokio::test]
async fn questions_that_keycloak_would_misread_are_refused_without_asking() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    for resource in ["x".repeat(2001), "Orders[0m".to_owned(), "Ord%0aers".to_owned()] {
        let refusal = refused(bench.decide(permission(&resource, &["view"]), BEARER).await);
        assert_eq!(refusal.code, RefusalCode::PermissionTooLong);
    }
    assert_eq!(bench.realm.requests().len(), 0);
}

#[tokio::test]
async fn permissive_route_lets_refusals_pass_and_says_so() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(denied().0, denied().1));
    let caller = token(json!({}), NOW + 300);
    let require =
        [json!({ "realm_role": "reader" }), permission("Orders", &["view"]), permission("a%0ab", &[])];
    for require in require {
        let permit = granted(bench.decide_with(require, BEARER, &caller, EnforcementMode::Permissive).await);
        assert_eq!(permit.mode(), PermitMode::Permissive);
    }
    let permit = granted(
        bench.decide_with(json!("authenticated"), BEARER, &caller, EnforcementMode::Permissive).await,
    );
    assert_eq!(permit.mode(), PermitMode::Granted);
}

#[tokio::test]
async fn reload_takes_decisions_over_where_nothing_they_depend_on_changed() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    std::fs::write(&settings, SETTINGS).unwrap();
    let mut bench = Bench::with(|config| config.authorization.settings = Some(settings.clone())).await;
    bench.evaluation = EvaluationMode::Remote;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);

    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    assert_eq!(bench.calls(), 1, "nothing changed");

    std::fs::write(&settings, format!("{SETTINGS} ")).unwrap();
    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    assert_eq!(bench.calls(), 2, "other settings");

    bench.config.authorization.resource_server = Some("bills-api".to_owned());
    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    assert_eq!(bench.calls(), 3, "another resource server");
    assert!(bench.authorizer.has_settings());
}

/// The smallest export.
const SETTINGS: &str = r#"{"policyEnforcementMode":"ENFORCING","decisionStrategy":"UNANIMOUS","resources":[],"policies":[],"scopes":[]}"#;

#[tokio::test]
async fn settings_that_cannot_be_read_are_a_problem() {
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.authorization.settings = Some("/no/such/file.json".into());
    let problem = assemble(&config, None).unwrap_err();
    assert_eq!(problem.key, "providers.shop.authorization.settings");
}

#[tokio::test]
async fn tickets_are_for_the_gateways_own_resources() {
    let bench = Bench::start().await;
    let error = bench
        .authorizer
        .ticket(vec![("Orders".to_owned(), Vec::new())], PushedClaims::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another client"), "{error}");
    assert_eq!(bench.realm.requests().len(), 0);

    let bench = Bench::with(|config| config.authorization.resource_server = None).await;
    bench.realm.on("token", json_reply(200, json!({ "access_token": "pat", "token_type": "Bearer" })));
    bench.realm.on("permission", json_reply(201, json!({ "ticket": "t" })));
    assert_eq!(
        bench
            .authorizer
            .ticket(vec![("Orders".to_owned(), Vec::new())], PushedClaims::default())
            .await
            .unwrap(),
        "t"
    );
}

#[test]
fn runtime_that_is_gone_refuses() {
    let worker = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let control = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bench = control.block_on(Bench::start());
    drop(control);
    for _ in 0..2 {
        let refusal = refused(worker.block_on(bench.decide(permission("Orders", &[]), BEARER)));
        assert_eq!(refusal.code, RefusalCode::DecisionUnavailable);
    }
}

#[tokio::test]
async fn tokens_are_not_printed() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(200, grant(&[("Orders", &["view"])])));
    granted(bench.decide(permission("Orders", &["view"]), BEARER).await);
    let (requirement, caller) = (requirement(json!("authenticated")), token(json!({}), NOW));
    let ask = Ask {
        requirement: &requirement,
        enforcement: EnforcementMode::Enforcing,
        evaluation: EvaluationMode::LocalOrRemote,
        token: &caller,
        identity: &LazyIdentity::default(),
        bearer: BEARER,
        pushed: &PushedClaims::default(),
        method: &http::Method::GET,
        path: "/",
        now: NOW,
        verify: None,
    };
    let printed = format!("{ask:?} {:?}", bench.authorizer);
    assert!(!printed.contains(BEARER) && !printed.contains(crate::oidc::fake_realm::SECRET), "{printed}");
}

async fn until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(10), "it never happened");
        tokio::task::yield_now().await;
    }
}

//! Settings that are fetched.

use super::*;
use crate::config::OnStale;

fn serve(realm: &FakeRealm, settings: Value) {
    realm.on("clients", json_reply(200, json!([{ "id": "c1", "clientId": "orders-api" }])));
    realm.on("settings", json_reply(200, settings));
    realm.on(
        "resource",
        json_reply(
            200,
            json!([{ "_id": "r1", "name": "Orders", "owner": { "id": "c1", "name": "orders-api" } }]),
        ),
    );
    realm.on(
        "token",
        reply_with(|request| match request.all("grant_type").as_slice() {
            ["client_credentials"] => {
                (200, json!({ "access_token": "own", "token_type": "Bearer", "expires_in": 300 }))
            }
            _ => denied(),
        }),
    );
}

fn change(config: &mut ProviderConfig) {
    config.authorization.fetch = true;
    config.authorization.refresh = Period::secs(3600);
    config.authorization.max_age = Period::secs(7200);
}

fn asked_for_permissions(bench: &Bench) -> usize {
    let asked = bench.realm.asked("token");
    asked.iter().filter(|request| request.all("grant_type") != ["client_credentials"]).count()
}

fn reader() -> Arc<VerifiedToken> {
    let claims = json!({ "azp": "web", "preferred_username": "u", "realm_access": { "roles": ["reader"] } });
    token(claims, NOW + 300)
}

async fn view(bench: &Bench) -> Decision {
    bench.decide_with(permission("Orders", &["view"]), BEARER, &reader(), EnforcementMode::Enforcing).await
}

#[tokio::test]
async fn fetched_settings_decide_and_come_with_their_ids() {
    let bench = Bench::with(change).await;
    serve(&bench.realm, order::settings());
    assert!(bench.authorizer.has_settings());
    bench.authorizer.start();
    until(|| bench.authorizer.model().is_some()).await;
    let model = bench.authorizer.model().unwrap();
    assert_eq!(model.named("Orders").unwrap().id(), Some("r1"));
    assert_eq!(granted(view(&bench).await).source(), DecisionSource::Local);
    assert_eq!(asked_for_permissions(&bench), 0);
    assert_eq!(bench.realm.asked("settings")[0].authorization.as_deref(), Some("Bearer own"));
    assert_eq!(bench.realm.asked("clients").len(), 1, "whether clients are public is not asked without need");
}

#[tokio::test]
async fn before_the_first_fetch_keycloak_is_asked_but_no_resource_is_found_by_path() {
    let bench = Bench::with(change).await;
    serve(&bench.realm, order::settings());
    assert_eq!(refused(view(&bench).await).source, DecisionSource::Keycloak);
    let by_path = json!({ "permission": { "scopes": ["view"] } });
    let refusal = refused(bench.decide(by_path, BEARER).await);
    assert_eq!(refusal.code, RefusalCode::DecisionUnavailable);
}

#[tokio::test]
async fn other_settings_are_another_version_and_the_same_are_not() {
    let bench = Bench::with(|config| {
        change(config);
        config.authorization.refresh = Period::millis(20);
    })
    .await;
    serve(&bench.realm, order::settings());
    bench.authorizer.start();
    until(|| bench.authorizer.model().is_some()).await;
    let version = bench.authorizer.settings_version();
    let mut reordered = order::settings();
    reordered["scopes"].as_array_mut().unwrap().reverse();
    serve(&bench.realm, reordered);
    let seen = bench.realm.asked("settings").len();
    until(|| bench.realm.asked("settings").len() > seen + 2).await;
    assert_eq!(bench.authorizer.settings_version(), version);
    let mut other = order::settings();
    other["policies"][0]["config"]["roles"] = json!("[{\"id\":\"manager\"}]");
    serve(&bench.realm, other);
    until(|| bench.authorizer.settings_version() != version).await;
    assert_eq!(refused(view(&bench).await).source, DecisionSource::Local);
}

#[tokio::test]
async fn failed_fetch_keeps_the_settings_until_they_are_too_old() {
    let short = |config: &mut ProviderConfig| {
        change(config);
        config.authorization.refresh = Period::millis(20);
        config.authorization.max_age = Period::millis(1500);
    };
    for on_stale in [OnStale::Remote, OnStale::Refuse] {
        let bench = Bench::with(|config| {
            short(config);
            config.authorization.on_stale = on_stale;
        })
        .await;
        serve(&bench.realm, order::settings());
        bench.authorizer.start();
        until(|| bench.authorizer.model().is_some()).await;
        bench.realm.on("settings", json_reply(500, json!({})));
        let seen = bench.realm.asked("settings").len();
        until(|| bench.realm.asked("settings").len() > seen).await;
        let started = Instant::now();
        let refusal = loop {
            assert!(started.elapsed() < Duration::from_secs(20));
            match view(&bench).await {
                Decision::Granted(permit) => {
                    assert_eq!(permit.source(), DecisionSource::Local);
                    tokio::task::yield_now().await;
                }
                Decision::Refused(refusal) => break refusal,
            }
        };
        match on_stale {
            OnStale::Remote => assert_eq!(refusal.source, DecisionSource::Keycloak),
            OnStale::Refuse => {
                assert_eq!(refusal.code, RefusalCode::DecisionUnavailable);
                assert!(refusal.detail.contains("max_age"), "{}", refusal.detail);
                assert_eq!(asked_for_permissions(&bench), 0);
            }
        }
    }
}

#[tokio::test]
async fn reload_takes_fetched_settings_over_and_fetches_again_at_once() {
    let mut bench = Bench::with(change).await;
    serve(&bench.realm, order::settings());
    bench.authorizer.start();
    until(|| bench.authorizer.model().is_some()).await;
    let version = bench.authorizer.settings_version();

    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    assert_eq!(bench.authorizer.settings_version(), version);
    bench.authorizer.start();
    until(|| bench.realm.asked("settings").len() == 2).await;

    bench.config.authorization.promises.groups_claim_complete = true;
    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    assert_ne!(bench.authorizer.settings_version(), version);
    assert_eq!(granted(view(&bench).await).source(), DecisionSource::Local, "there is no gap");

    bench.config.authorization.resource_server = Some("bills-api".to_owned());
    bench.authorizer = build(&bench.config, Some(&bench.authorizer));
    assert!(bench.authorizer.model().is_none(), "those of another client");
}

/// What the realm says of its admin events: whether it keeps them, and which.
fn events(realm: &FakeRealm, are_kept: bool, events: Value) {
    realm.on("config", json_reply(200, json!({ "adminEventsEnabled": are_kept })));
    realm.on("admin-events", json_reply(200, events));
}

fn event(client: &str, number: u32) -> Value {
    json!({ "id": number.to_string(), "time": number, "operationType": "UPDATE", "resourceType": "AUTHORIZATION_POLICY",
        "resourcePath": format!("clients/{client}/authz/resource-server/policy/role/1") })
}

/// One that looks at events, and has done so.
async fn watching() -> Bench {
    let bench = Bench::with(|config| {
        change(config);
        config.authorization.admin_events = Period::millis(1);
    })
    .await;
    serve(&bench.realm, order::settings());
    events(&bench.realm, true, json!([event("c1", 1)]));
    bench.authorizer.start();
    // Once at the start, and once because of the first look.
    until(|| bench.realm.asked("settings").len() == 2).await;
    bench
}

/// So many looks at the events from now on.
async fn looks(bench: &Bench, operation: &str, count: usize) {
    let before = bench.realm.asked(operation).len();
    until(|| bench.realm.asked(operation).len() >= before + count).await;
}

#[tokio::test]
async fn settings_are_fetched_when_an_event_of_their_client_has_come() {
    let bench = watching().await;
    looks(&bench, "admin-events", 3).await;
    events(&bench.realm, true, json!([event("c2", 2), event("c1", 1)]));
    looks(&bench, "admin-events", 3).await;
    assert_eq!(bench.realm.asked("settings").len(), 2, "nothing of it concerns them");
    let version = bench.authorizer.settings_version();
    let mut other = order::settings();
    other["policies"][0]["config"]["roles"] = json!("[{\"id\":\"manager\"}]");
    serve(&bench.realm, other);
    events(&bench.realm, true, json!([event("c1", 3), event("c2", 2), event("c1", 1)]));
    until(|| bench.authorizer.settings_version() != version).await;
    looks(&bench, "admin-events", 3).await;
    assert_eq!(bench.realm.asked("settings").len(), 3);
    assert_eq!(bench.realm.asked("admin-events")[0].authorization.as_deref(), Some("Bearer own"));
}

#[tokio::test]
async fn without_events_settings_are_what_they_are_without_looking() {
    for refuse in [true, false] {
        let bench = watching().await;
        if refuse {
            bench.realm.on("config", json_reply(403, json!({ "error": "HTTP 403 Forbidden" })));
        } else {
            events(&bench.realm, false, json!([event("c1", 2)]));
        }
        looks(&bench, "config", 3).await;
        assert_eq!(bench.realm.asked("settings").len(), 2);
        assert_eq!(granted(view(&bench).await).source(), DecisionSource::Local);
        // It is looked again and again, so that the administrator's help is seen.
        events(&bench.realm, true, json!([event("c1", 2), event("c1", 1)]));
        until(|| bench.realm.asked("settings").len() == 3).await;
    }
}

#[tokio::test]
async fn events_are_not_looked_at_unless_that_is_configured() {
    let bench = Bench::with(|config| {
        change(config);
        config.authorization.refresh = Period::millis(1);
    })
    .await;
    serve(&bench.realm, order::settings());
    bench.authorizer.start();
    until(|| bench.realm.asked("settings").len() > 3).await;
    assert!(bench.realm.asked("config").is_empty() && bench.realm.asked("admin-events").is_empty());
}

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::config::{ByteSize, Period};
use crate::token::fixture::{NOW, claims, config, with};

/// A realm that says the same of every token, and counts.
struct Realm {
    answer: Mutex<Result<Introspected, OidcError>>,
    gate: tokio::sync::RwLock<()>,
    asked: AtomicUsize,
}

impl Realm {
    fn saying(changes: Value) -> Arc<Self> {
        let body = with(with(claims(), json!({ "active": true })), changes);
        Self::answering(Ok(active(&body)))
    }

    fn answering(answer: Result<Introspected, OidcError>) -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::new(answer),
            gate: tokio::sync::RwLock::default(),
            asked: AtomicUsize::new(0),
        })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn active(body: &Value) -> Introspected {
    Introspected { active: true, body: Bytes::from(body.to_string()) }
}

fn inactive() -> Introspected {
    Introspected { active: false, body: Bytes::from_static(b"{\"active\":false}") }
}

fn unreachable() -> OidcError {
    OidcError::Unreachable { operation: "introspection", reason: "connection refused".to_owned() }
}

fn introspector(realm: &Arc<Realm>, settings: &IntrospectionConfig, now: fn() -> i64) -> Arc<Introspector> {
    let realm = Arc::clone(realm);
    let ask: Box<Ask> = Box::new(move |_| {
        let realm = Arc::clone(&realm);
        Box::pin(async move {
            realm.asked.fetch_add(1, Ordering::SeqCst);
            let _open = realm.gate.read().await;
            realm.answer.lock().clone()
        })
    });
    let rules = Arc::new(Rules::new(&config(json!({}))));
    Arc::new(Introspector::new(Answers::new(settings), rules, Arc::from("shop"), settings, ask, now))
}

/// As the provider does it.
async fn introspect(introspector: &Arc<Introspector>, token: &str) -> Result<Arc<VerifiedToken>, TokenError> {
    match introspector.answers.get(token, (introspector.now)()).await {
        Some(verdict) => verdict,
        None => introspector.ask(token, &Handle::current()).await,
    }
}

fn settings() -> IntrospectionConfig {
    IntrospectionConfig::default()
}

#[tokio::test]
async fn an_active_answer_is_used_again_for_the_same_token_only() {
    let realm = Realm::saying(json!({}));
    let introspector = introspector(&realm, &settings(), || NOW);
    for _ in 0..3 {
        let verified = introspect(&introspector, "opaque").await.unwrap();
        assert_eq!(verified.principal.username(), Some("alice"));
        assert_eq!(verified.usable_until, NOW + 30);
    }
    assert_eq!(realm.asked(), 1);
    introspect(&introspector, "opaque2").await.unwrap();
    introspect(&introspector, "opaqu").await.unwrap();
    assert_eq!(realm.asked(), 3);
}

#[tokio::test]
async fn an_answer_is_never_used_past_the_tokens_end() {
    let realm = Realm::saying(json!({ "exp": NOW + 7 }));
    let introspector = introspector(&realm, &settings(), || NOW);
    assert_eq!(introspect(&introspector, "opaque").await.unwrap().usable_until, NOW + 7);
}

#[tokio::test]
async fn an_answer_is_not_used_when_the_wall_clock_has_jumped_ahead() {
    static CLOCK: AtomicI64 = AtomicI64::new(NOW);
    let realm = Realm::saying(json!({}));
    let introspector = introspector(&realm, &settings(), || CLOCK.load(Ordering::SeqCst));
    introspect(&introspector, "opaque").await.unwrap();
    CLOCK.store(NOW + 29, Ordering::SeqCst);
    introspect(&introspector, "opaque").await.unwrap();
    assert_eq!(realm.asked(), 1);
    CLOCK.store(NOW + 30, Ordering::SeqCst);
    introspect(&introspector, "opaque").await.unwrap();
    assert_eq!(realm.asked(), 2);
    CLOCK.store(NOW + 3600, Ordering::SeqCst);
    assert!(matches!(introspect(&introspector, "opaque").await, Err(TokenError::TokenExpired(_))));
}

#[tokio::test]
async fn an_inactive_answer_is_used_again_too() {
    let realm = Realm::answering(Ok(inactive()));
    let introspector = introspector(&realm, &settings(), || NOW);
    for _ in 0..3 {
        assert_eq!(introspect(&introspector, "opaque").await.unwrap_err(), TokenError::TokenInactive);
    }
    assert_eq!(realm.asked(), 1);
}

#[tokio::test]
async fn a_time_to_live_of_nothing_remembers_nothing() {
    let nothing =
        IntrospectionConfig { active_ttl: Period::secs(0), inactive_ttl: Period::secs(0), ..settings() };
    for answer in [Ok(inactive()), Ok(active(&with(claims(), json!({ "active": true }))))] {
        let realm = Realm::answering(answer);
        let introspector = introspector(&realm, &nothing, || NOW);
        for _ in 0..3 {
            let _ = introspect(&introspector, "opaque").await;
        }
        assert_eq!(realm.asked(), 3);
    }
}

#[tokio::test]
async fn an_error_is_not_remembered() {
    let realm = Realm::answering(Err(unreachable()));
    let introspector = introspector(&realm, &settings(), || NOW);
    for _ in 0..2 {
        let refused = introspect(&introspector, "opaque").await.unwrap_err();
        assert!(matches!(refused, TokenError::IntrospectionUnavailable(_)), "{refused}");
        assert!(!refused.to_string().contains("opaque"));
    }
    assert_eq!(realm.asked(), 2);
    *realm.answer.lock() = Ok(active(&with(claims(), json!({ "active": true }))));
    introspect(&introspector, "opaque").await.unwrap();
}

#[tokio::test]
async fn an_active_answer_must_be_about_an_access_token_for_us() {
    for (changes, code) in [
        (json!({ "typ": "ID" }), "type_mismatch"),
        (json!({ "typ": "Refresh" }), "type_mismatch"),
        (json!({ "typ": null }), "type_mismatch"),
        (json!({ "aud": "other" }), "audience_mismatch"),
        (json!({ "aud": null }), "claim_missing"),
        (json!({ "iss": "https://evil.example.com" }), "issuer_unknown"),
        (json!({ "exp": null }), "claim_missing"),
        (json!({ "exp": NOW - 60 }), "token_expired"),
        (json!({ "exp": "soon" }), "claim_invalid"),
        (json!({ "cnf": { "jkt": "a" } }), "token_bound"),
    ] {
        let realm = Realm::saying(changes.clone());
        let introspector = introspector(&realm, &settings(), || NOW);
        for _ in 0..2 {
            assert_eq!(introspect(&introspector, "opaque").await.unwrap_err().code(), code, "{changes}");
        }
        assert_eq!(realm.asked(), 1, "{changes}");
    }
}

#[tokio::test]
async fn an_active_answer_that_is_no_object_is_refused() {
    for body in ["", "true", "[]", "{\"active\":true,\"exp\":1,\"exp\":2}"] {
        let answer = Introspected { active: true, body: Bytes::copy_from_slice(body.as_bytes()) };
        let introspector = introspector(&Realm::answering(Ok(answer)), &settings(), || NOW);
        let refused = introspect(&introspector, "opaque").await.unwrap_err();
        assert!(matches!(refused, TokenError::TokenMalformed(_)), "{body}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_ask_about_a_token_one_call_is_made() {
    let realm = Realm::saying(json!({}));
    let introspector = introspector(&realm, &settings(), || NOW);
    let closed = realm.gate.write().await;
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let introspector = Arc::clone(&introspector);
            tokio::spawn(async move { introspect(&introspector, "opaque").await.map(|_| ()) })
        })
        .collect();
    let begun = Instant::now();
    while realm.asked() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the call never begins");
        tokio::task::yield_now().await;
    }
    drop(closed);
    for waiter in waiting {
        assert_eq!(waiter.await.unwrap(), Ok(()));
    }
    assert_eq!(realm.asked(), 1);
}

#[tokio::test]
async fn a_waiter_that_goes_away_does_not_stop_the_call() {
    let realm = Realm::saying(json!({}));
    let introspector = introspector(&realm, &settings(), || NOW);
    let closed = realm.gate.write().await;
    let waiter = tokio::spawn({
        let introspector = Arc::clone(&introspector);
        async move { introspect(&introspector, "opaque").await.map(|_| ()) }
    });
    let begun = Instant::now();
    while realm.asked() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the call never begins");
        tokio::task::yield_now().await;
    }
    waiter.abort();
    drop(closed);
    introspect(&introspector, "opaque").await.unwrap();
    assert_eq!(realm.asked(), 1);
}

#[tokio::test]
async fn a_flood_of_tokens_takes_no_more_than_the_bytes_given() {
    let bytes = 64 * 1024;
    let settings = IntrospectionConfig { cache_bytes: ByteSize::bytes(bytes), ..settings() };
    let introspector = introspector(&Realm::answering(Ok(inactive())), &settings, || NOW);
    for index in 0..1000 {
        let _ = introspect(&introspector, &format!("{index:0>1000}")).await;
    }
    introspector.answers.cache.run_pending_tasks().await;
    assert!(introspector.answers.cache.weighted_size() <= bytes);
}

#[test]
fn a_warning_is_due_once_a_minute() {
    let answers = Answers::new(&settings());
    assert!(answers.warning_is_due());
    assert!(!answers.warning_is_due());
    *answers.warned_at.lock() = Instant::now().checked_sub(WARNING_EVERY);
    assert!(answers.warning_is_due());
}

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::routing::{get, post};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::*;
use crate::token::TokenSource;
use crate::token::fixture::{claims, folder, header, jwk, set_json, sign, with};

/// A realm on a socket.
struct Realm {
    issuer: String,
    keys: Mutex<Vec<u8>>,
    introspection: Mutex<Value>,
    keys_asked: AtomicUsize,
    introspection_asked: AtomicUsize,
}

impl Realm {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let realm = Arc::new(Self {
            issuer: format!("http://{}/realms/shop", listener.local_addr().unwrap()),
            keys: Mutex::new(set_json(&[jwk("rsa")])),
            introspection: Mutex::new(json!({ "active": false })),
            keys_asked: AtomicUsize::new(0),
            introspection_asked: AtomicUsize::new(0),
        });
        let app = axum::Router::new()
            .route("/realms/shop/.well-known/openid-configuration", get(discovery))
            .route("/realms/shop/certs", get(keys))
            .route("/realms/shop/introspect", post(introspection))
            .with_state(Arc::clone(&realm));
        tokio::spawn(async move { axum::serve(listener, app).await });
        realm
    }

    fn config(&self, changes: Value) -> ProviderConfig {
        let config = json!({
            "issuer": self.issuer, "client_id": "gateway",
            "client_secret": format!("file:{}", folder().join("client-secret").display()),
        });
        serde_json::from_value(with(config, changes)).unwrap()
    }

    fn token(&self, changes: Value) -> String {
        let now = seconds_since_1970();
        let ours = json!({ "iss": self.issuer, "iat": now, "exp": now + 300 });
        let claims = with(with(claims(), ours), changes);
        let header = header(crate::config::Algorithm::RS256);
        sign(crate::config::Algorithm::RS256, &header.to_string(), &claims.to_string())
    }

    fn says_active(&self, changes: Value) {
        let now = seconds_since_1970();
        let ours = json!({ "active": true, "iss": self.issuer, "iat": now, "exp": now + 300 });
        *self.introspection.lock() = with(with(claims(), ours), changes);
    }
}

async fn discovery(State(realm): State<Arc<Realm>>) -> String {
    let issuer = &realm.issuer;
    json!({
        "issuer": issuer, "jwks_uri": format!("{issuer}/certs"), "token_endpoint": format!("{issuer}/token"),
        "introspection_endpoint": format!("{issuer}/introspect"),
    })
    .to_string()
}

async fn keys(State(realm): State<Arc<Realm>>) -> Vec<u8> {
    realm.keys_asked.fetch_add(1, Ordering::SeqCst);
    realm.keys.lock().clone()
}

async fn introspection(State(realm): State<Arc<Realm>>) -> String {
    realm.introspection_asked.fetch_add(1, Ordering::SeqCst);
    realm.introspection.lock().to_string()
}

fn build(config: &ProviderConfig, previous: Option<&Provider>) -> Arc<Provider> {
    Arc::new(Provider::build("shop", config, &folder(), &Handle::current(), previous).unwrap())
}

fn verify(provider: &Provider, token: &str) -> Result<VerifiedToken, TokenError> {
    provider.verify(&UnverifiedToken::parse(token, 1 << 20)?, seconds_since_1970())
}

fn problem_keys(settings: Value) -> Vec<String> {
    let config = json!({ "issuer": "https://sso.example.com/realms/shop", "client_id": "gateway" });
    let config: ProviderConfig = serde_json::from_value(with(config, settings)).unwrap();
    problems_of("providers.shop", &config).into_iter().map(|problem| problem.key).collect()
}

#[test]
fn settings_that_cannot_work_are_problems_all_at_once() {
    assert!(problem_keys(json!({})).is_empty());
    let all = json!({
        "token": { "leeway": "61s", "algorithms": [], "any_audience": true, "audience": ["a"] },
        "jwks": { "refetch_after": "0s", "cool_down": "0s", "pem_algorithm": "RS256" },
    });
    let expected = [
        "providers.shop.token.leeway",
        "providers.shop.token.algorithms",
        "providers.shop.token.audience",
        "providers.shop.jwks.refetch_after",
        "providers.shop.jwks.cool_down",
        "providers.shop.jwks.pem_algorithm",
    ];
    assert_eq!(problem_keys(all), expected);
}

#[tokio::test]
async fn a_pem_file_that_is_missing_is_a_problem_of_its_key() {
    let config: ProviderConfig = serde_json::from_value(json!({
        "issuer": "https://sso.example.com/realms/shop", "client_id": "gateway", "jwks": { "pem": "nowhere.pem" },
    }))
    .unwrap();
    let problems = Provider::build("shop", &config, &folder(), &Handle::current(), None).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].key, "providers.shop.jwks.pem");
}

#[tokio::test]
async fn a_provider_fetches_keys_when_the_first_token_needs_them() {
    let realm = Realm::start().await;
    let provider = build(&realm.config(json!({})), None);
    let token = realm.token(json!({}));
    assert!(!provider.is_ready());
    assert_eq!(verify(&provider, &token).unwrap_err(), TokenError::KeysUnavailable);
    assert_eq!(provider.refetch_keys(&token).await, Ok(()));
    let verified = verify(&provider, &token).unwrap();
    assert_eq!((verified.principal.username(), verified.source), (Some("alice"), TokenSource::Signature));
    assert!(provider.is_ready());
}

#[tokio::test]
async fn a_rotated_key_is_found_by_its_first_token() {
    let realm = Realm::start().await;
    *realm.keys.lock() = set_json(&[jwk("p256")]);
    let provider = build(&realm.config(json!({})), None);
    provider.start();
    let begun = std::time::Instant::now();
    while !provider.is_ready() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the keys are never fetched");
        tokio::task::yield_now().await;
    }
    let epoch = provider.key_epoch();
    *realm.keys.lock() = set_json(&[jwk("p256"), jwk("rsa")]);
    let token = realm.token(json!({}));
    assert_eq!(verify(&provider, &token).unwrap_err(), TokenError::KeyUnknown);
    assert_eq!(provider.refetch_keys(&token).await, Ok(()));
    assert!(verify(&provider, &token).is_ok());
    assert_ne!(provider.key_epoch(), epoch);
}

#[tokio::test]
async fn a_key_from_a_file_needs_no_realm() {
    let realm = Realm::start().await;
    let jwks = json!({ "pem": "rsa.pub.pem", "pem_algorithm": "RS256" });
    let provider = build(&realm.config(json!({ "jwks": jwks })), None);
    provider.start();
    assert!(provider.is_ready());
    assert!(verify(&provider, &realm.token(json!({}))).is_ok());
    assert_eq!(realm.keys_asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_opaque_token_is_introspected_and_never_verified() {
    let realm = Realm::start().await;
    realm.says_active(json!({}));
    let provider = build(&realm.config(json!({})), None);
    assert!(verify(&provider, "opaque").is_err());
    for _ in 0..3 {
        let verified = provider.introspect("opaque", false).await.unwrap();
        assert_eq!(verified.principal.username(), Some("alice"));
        assert_eq!(verified.source, TokenSource::Introspection);
    }
    assert_eq!(realm.introspection_asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn inactive_is_the_audience_case_for_a_token_that_verifies_here() {
    let realm = Realm::start().await;
    let provider = build(&realm.config(json!({})), None);
    assert_eq!(provider.introspect("opaque", false).await.unwrap_err(), TokenError::TokenInactive);
    let expected = TokenError::TokenInactiveOrAudience { client: "gateway".to_owned() };
    assert_eq!(provider.introspect("opaque", true).await.unwrap_err(), expected);
    assert_eq!(realm.introspection_asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn where_introspection_is_off_nobody_is_asked() {
    let realm = Realm::start().await;
    let provider = build(&realm.config(json!({ "introspection": { "mode": "never" } })), None);
    assert_eq!(provider.introspect("opaque", false).await.unwrap_err(), TokenError::IntrospectionDisabled);
    assert_eq!(realm.introspection_asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_token_that_is_too_long_reaches_nobody() {
    let realm = Realm::start().await;
    let provider = build(&realm.config(json!({ "token": { "max_bytes": 1000 } })), None);
    let long = "a".repeat(1001);
    assert_eq!(provider.introspect(&long, false).await.unwrap_err(), TokenError::TokenOversized(1000));
    assert_eq!(provider.refetch_keys(&long).await, Err(TokenError::TokenOversized(1000)));
    let token = realm.token(json!({ "padding": "p".repeat(1000) }));
    assert_eq!(verify(&provider, &token).unwrap_err(), TokenError::TokenOversized(1000));
    assert_eq!(realm.introspection_asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_reload_takes_over_keys_and_answers_where_nothing_changed() {
    let realm = Realm::start().await;
    realm.says_active(json!({}));
    let before = build(&realm.config(json!({})), None);
    let token = realm.token(json!({}));
    before.refetch_keys(&token).await.unwrap();
    before.introspect("opaque", false).await.unwrap();

    let same = build(&realm.config(json!({})), Some(&before));
    assert_eq!(same.key_epoch(), before.key_epoch());
    assert!(verify(&same, &token).is_ok());
    same.introspect("opaque", false).await.unwrap();
    assert_eq!(realm.introspection_asked.load(Ordering::SeqCst), 1);

    // Other rules: the keys stay, the answers do not.
    let stricter = build(&realm.config(json!({ "token": { "audience": ["api"] } })), Some(&same));
    assert_eq!(stricter.key_epoch(), before.key_epoch());
    let mismatch = TokenError::AudienceMismatch { expected: "api".to_owned() };
    assert_eq!(verify(&stricter, &token).unwrap_err(), mismatch);
    assert_eq!(stricter.introspect("opaque", false).await.unwrap_err(), mismatch);

    // Other certificates are trusted: who gave the keys may not have been the realm.
    let pem = folder().join("certificate.pem");
    let distrusting = build(&realm.config(json!({ "ca": pem })), Some(&same));
    assert!(!distrusting.is_ready());

    // Another realm: nothing stays.
    let elsewhere = Realm::start().await;
    let other = build(&elsewhere.config(json!({})), Some(&stricter));
    assert!(!other.is_ready());
    assert_ne!(other.key_epoch(), before.key_epoch());
}

#[tokio::test]
async fn a_provider_is_found_by_exactly_its_issuer() {
    let realm = Realm::start().await;
    let providers = Providers { all: vec![build(&realm.config(json!({})), None)] };
    assert!(providers.by_issuer(&realm.issuer).is_some_and(|provider| &**provider.name() == "shop"));
    for other in [format!("{}/", realm.issuer), realm.issuer.to_uppercase(), String::new()] {
        assert!(providers.by_issuer(&other).is_none(), "{other}");
    }
}

#[tokio::test]
async fn a_realm_that_cannot_be_asked_is_no_inactive_token() {
    let config = json!({ "issuer": "http://127.0.0.1:1/realms/shop", "client_id": "gateway" });
    let provider = build(&serde_json::from_value(config).unwrap(), None);
    let refused = provider.introspect("opaque", false).await.unwrap_err();
    assert!(matches!(refused, TokenError::IntrospectionUnavailable(_)), "{refused}");
}

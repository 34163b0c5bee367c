mod exported;
mod turns;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::config::{ClientAuthMethod, Period, SecretRef};
use crate::oidc::fake_realm::{FakeRealm, SECRET, json_reply, misbehaviours, reply_with, text_reply};
use crate::oidc::{PermissionAnswer, PermissionRequest, TicketRequest};

fn client(config: &ProviderConfig) -> OidcClient {
    OidcClient::build("providers.shop", config, Path::new("/")).unwrap()
}

fn question<'a>(permissions: &'a [String]) -> PermissionRequest<'a> {
    PermissionRequest { token: "the-callers-token", audience: "orders-api", permissions, claims: None }
}

async fn ask(client: &OidcClient, permission: &str) -> Result<PermissionAnswer, OidcError> {
    client.permissions(question(&[permission.to_owned()])).await
}

/// Until it gives something, for at most ten seconds.
async fn poll<T, F: Future<Output = Option<T>>>(mut attempt: impl FnMut() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = attempt().await {
            return value;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "it never happened");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn key_set_is_fetched_from_where_the_document_says() {
    let realm = FakeRealm::start().await;
    realm.on("certs", json_reply(200, json!({ "keys": [] })));
    let client = client(&realm.config());
    assert_eq!(client.jwks(1000).await.unwrap(), r#"{"keys":[]}"#);
    client.jwks(1000).await.unwrap();
    assert_eq!(realm.asked("openid-configuration").len(), 1, "the document is remembered");
    assert_eq!(realm.asked("certs").len(), 2);
}

#[tokio::test]
async fn key_set_that_is_too_long_is_not_read() {
    let realm = FakeRealm::start().await;
    realm.on("certs", json_reply(200, json!({ "keys": ["x".repeat(100)] })));
    let error = client(&realm.config()).jwks(100).await.unwrap_err();
    assert_eq!(error.to_string(), "jwks: the realm's answer is not usable: it is longer than 100 bytes");
}

#[tokio::test]
async fn slash_at_the_end_of_the_issuer_counts_for_comparison_only() {
    let realm = FakeRealm::start().await;
    realm.on("certs", json_reply(200, json!({})));
    let mut config = realm.config();
    config.issuer.push('/');
    let error = client(&config).jwks(1000).await.unwrap_err().to_string();
    assert!(error.contains("hint: set `issuer` to exactly this text"), "{error}");
    config.issuer = realm.issuer();
    config.internal_url = Some(format!("{}/", realm.issuer()));
    client(&config).jwks(1000).await.unwrap();
}

#[tokio::test]
async fn calls_go_to_the_internal_url_whatever_host_the_document_names() {
    let realm = FakeRealm::start().await;
    realm.on("openid-configuration", json_reply(200, realm.document("https://sso.example.com")));
    realm.on("certs", json_reply(200, json!({})));
    let mut config = realm.config();
    config.issuer = "https://sso.example.com/auth/realms/shop".to_owned();
    config.internal_url = Some(realm.issuer());
    client(&config).jwks(1000).await.unwrap();
    assert_eq!(realm.asked("certs").len(), 1);
}

#[tokio::test]
async fn internal_issuer_is_refused_with_what_to_set_at_keycloak() {
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.issuer = "https://sso.example.com/auth/realms/shop".to_owned();
    config.internal_url = Some(realm.issuer());
    let error = client(&config).jwks(1000).await.unwrap_err().to_string();
    assert!(error.contains("`hostname`") && error.contains(&realm.issuer()), "{error}");
}

#[tokio::test]
async fn endpoint_of_another_origin_is_never_called() {
    let realm = FakeRealm::start().await;
    let canary = FakeRealm::start().await;
    let mut document = realm.document(&canary.origin);
    document["issuer"] = json!(realm.issuer());
    realm.on("openid-configuration", json_reply(200, document.clone()));
    realm.on("uma2-configuration", json_reply(200, document));
    let client = client(&realm.config());
    client.jwks(1000).await.unwrap_err();
    client.introspect("t").await.unwrap_err();
    ask(&client, "Orders").await.unwrap_err();
    client.ticket(TicketRequest { resources: &[] }).await.unwrap_err();
    assert_eq!(canary.requests().len(), 0);
}

#[tokio::test]
async fn failed_discovery_is_tried_again_later() {
    let realm = FakeRealm::start().await;
    let document = realm.document(&realm.origin);
    realm.on("openid-configuration", text_reply(503, "text/plain", "starting"));
    realm.on("certs", json_reply(200, json!({})));
    let client = client(&realm.config());
    client.jwks(1000).await.unwrap_err();
    client.jwks(1000).await.unwrap_err();
    realm.on("openid-configuration", json_reply(200, document));
    poll(async || client.jwks(1000).await.ok()).await;
}

#[tokio::test]
async fn introspection_proves_the_client_and_reads_the_answer() {
    let realm = FakeRealm::start().await;
    realm.on("introspect", json_reply(200, json!({ "active": true, "sub": "u1" })));
    let answer = client(&realm.config()).introspect("the-callers-token").await.unwrap();
    assert!(answer.active);
    assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap()["sub"], "u1");
    let request = &realm.asked("introspect")[0];
    assert_eq!(request.all("token"), ["the-callers-token"]);
    // `gate+way:s3cret%3Aof+the%26client%25`: both are form-encoded (RFC 6749 section 2.3.1).
    assert_eq!(
        request.authorization.as_deref(),
        Some("Basic Z2F0ZSt3YXk6czNjcmV0JTNBb2YrdGhlJTI2Y2xpZW50JTI1")
    );
    assert!(request.all("client_secret").is_empty());
}

#[tokio::test]
async fn client_secret_post_puts_the_secret_into_the_form() {
    let realm = FakeRealm::start().await;
    realm.on("introspect", json_reply(200, json!({ "active": false })));
    let mut config = realm.config();
    config.client_auth = ClientAuthMethod::ClientSecretPost;
    assert!(!client(&config).introspect("t").await.unwrap().active);
    let request = &realm.asked("introspect")[0];
    assert_eq!((request.all("client_id"), request.all("client_secret")), (vec!["gate way"], vec![SECRET]));
    assert_eq!(request.authorization, None);
}

#[tokio::test]
async fn only_the_right_json_in_a_200_is_an_answer() {
    let realm = FakeRealm::start().await;
    let canary = FakeRealm::start().await;
    let mut config = realm.config();
    config.timeout = Period::millis(500);
    let client = client(&config);
    client.endpoints().await.unwrap();
    for (name, reply) in misbehaviours(&canary) {
        realm.on("introspect", Arc::clone(&reply));
        let answer = client.introspect("t").await;
        assert!(answer.is_err(), "introspection, {name}: {answer:?}");
        realm.on("token", reply);
        let answer = ask(&client, "Orders#view").await;
        assert!(answer.is_err(), "uma, {name}: {answer:?}");
    }
    assert_eq!(canary.requests().len(), 0, "redirects are not followed");
}

#[tokio::test]
async fn wrong_secret_is_told_as_such() {
    let realm = FakeRealm::start().await;
    realm.on("introspect", json_reply(401, json!({ "error": "invalid_request" })));
    let error = client(&realm.config()).introspect("t").await.unwrap_err();
    assert!(matches!(error, OidcError::Refused { status: 401, .. }));
    assert!(error.to_string().contains("`client_secret`"), "{error}");
}

#[tokio::test]
async fn introspection_without_a_secret_is_not_tried() {
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.client_secret = None;
    let error = client(&config).introspect("t").await.unwrap_err();
    assert_eq!(error, OidcError::NoCredentials { operation: "introspection" });
    assert_eq!(realm.requests().len(), 0);
}

#[tokio::test]
async fn permissions_are_asked_with_the_callers_token() {
    let realm = FakeRealm::start().await;
    let granted =
        json!([{ "rsid": "1", "rsname": "Orders", "scopes": ["view"], "claims": {} }, { "rsname": "Bills" }]);
    realm.on("token", json_reply(200, granted));
    let permissions = ["Orders#view,edit".to_owned(), "Bills".to_owned()];
    let answer = client(&realm.config()).permissions(question(&permissions)).await.unwrap();
    let PermissionAnswer::Granted(granted) = answer else { panic!("{answer:?}") };
    assert_eq!(granted.len(), 2);
    assert_eq!(granted[0].scopes, ["view"]);
    let request = &realm.asked("token")[0];
    assert_eq!(request.authorization.as_deref(), Some("Bearer the-callers-token"));
    assert_eq!(request.all("permission"), permissions);
    assert_eq!(request.all("audience"), ["orders-api"]);
    assert_eq!(request.all("response_mode"), ["permissions"]);
    assert_eq!(request.all("response_include_resource_name"), ["true"]);
}

#[tokio::test]
async fn claims_are_pushed_with_the_question() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!([])));
    let client = client(&realm.config());
    let permissions = ["Orders".to_owned()];
    let claims = BTreeMap::from([("org".to_owned(), vec!["acme".to_owned()])]);
    client.permissions(PermissionRequest { claims: Some(&claims), ..question(&permissions) }).await.unwrap();
    let none = BTreeMap::new();
    client.permissions(PermissionRequest { claims: Some(&none), ..question(&permissions) }).await.unwrap();
    let asked = realm.asked("token");
    assert_eq!(asked[0].all("claim_token"), ["eyJvcmciOlsiYWNtZSJdfQ"], "{{\"org\":[\"acme\"]}}");
    assert_eq!(asked[0].all("claim_token_format"), ["urn:ietf:params:oauth:token-type:jwt"]);
    assert!(asked[1].all("claim_token").is_empty() && asked[1].all("claim_token_format").is_empty());

    let long = BTreeMap::from([("org".to_owned(), vec!["a".repeat(15_000)])]);
    let answer =
        client.permissions(PermissionRequest { claims: Some(&long), ..question(&permissions) }).await;
    assert!(matches!(answer, Err(OidcError::Unusable { .. })), "{answer:?}");
    assert_eq!(realm.asked("token").len(), 2);
}

#[tokio::test]
async fn answers_without_a_grant_are_told_apart() {
    let realm = FakeRealm::start().await;
    let client = client(&realm.config());
    let cases = [
        (403, "access_denied", "denied"),
        (400, "invalid_resource", "unknown"),
        (400, "invalid_scope", "unknown"),
        (400, "invalid_grant", "token refused"),
        (401, "invalid_grant", "token refused"),
        (401, "invalid_token", "token refused"),
        // A public client that pushed claims.
        (403, "invalid_grant", "unknown"),
        (400, "invalid_request", "error"),
        (401, "invalid_client", "error"),
        (500, "server_error", "error"),
        (500, "access_denied", "error"),
    ];
    for (status, error, expected) in cases {
        realm.on("token", json_reply(status, json!({ "error": error, "error_description": "why" })));
        let kind = match ask(&client, "Orders").await {
            Ok(PermissionAnswer::Granted(_)) => "granted",
            Ok(PermissionAnswer::Denied(_)) => "denied",
            Ok(PermissionAnswer::Unknown(_)) => "unknown",
            Ok(PermissionAnswer::TokenRefused(_)) => "token refused",
            Err(_) => "error",
        };
        assert_eq!(kind, expected, "{status} {error}");
    }
}

#[tokio::test]
async fn questions_that_keycloak_reads_as_everything_are_not_asked() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!([{ "rsname": "Anything" }])));
    let client = client(&realm.config());
    let nothing = client.permissions(question(&[])).await.unwrap();
    assert_eq!(nothing, PermissionAnswer::Granted(Vec::new()));
    ask(&client, &"x".repeat(4001)).await.unwrap_err();
    let halves = ["x".repeat(2001), "y".repeat(2000)];
    client.permissions(question(&halves)).await.unwrap_err();
    assert_eq!(realm.requests().len(), 0);
}

#[tokio::test]
async fn own_token_is_fetched_once_and_kept() {
    let realm = FakeRealm::start().await;
    realm.on(
        "token",
        json_reply(200, json!({ "access_token": "pat-1", "token_type": "Bearer", "expires_in": 300 })),
    );
    realm.on("permission", json_reply(201, json!({ "ticket": "tick.et" })));
    let client = client(&realm.config());
    let resources = [("Orders".to_owned(), vec!["view".to_owned()]), ("Bills".to_owned(), Vec::new())];
    let tickets = futures_util::future::join_all(
        (0..20).map(|_| client.ticket(TicketRequest { resources: &resources })),
    )
    .await;
    assert!(tickets.iter().all(|ticket| ticket.as_deref() == Ok("tick.et")), "{tickets:?}");
    assert_eq!(realm.asked("token").len(), 1);
    assert_eq!(realm.asked("token")[0].all("grant_type"), ["client_credentials"]);
    let request = &realm.asked("permission")[0];
    assert_eq!(request.authorization.as_deref(), Some("Bearer pat-1"));
    assert_eq!(
        serde_json::from_str::<Value>(&request.body).unwrap(),
        json!([{ "resource_id": "Orders", "resource_scopes": ["view"] }, { "resource_id": "Bills" }])
    );
}

#[tokio::test]
async fn own_token_that_is_refused_is_renewed_once() {
    let realm = FakeRealm::start().await;
    let count = std::sync::atomic::AtomicU32::new(0);
    realm.on(
        "token",
        reply_with(move |_| {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            (
                200,
                json!({ "access_token": format!("pat-{number}"), "token_type": "bearer", "expires_in": 300 }),
            )
        }),
    );
    realm.on(
        "permission",
        reply_with(|request| match request.authorization.as_deref() {
            Some("Bearer pat-1") => (201, json!({ "ticket": "t" })),
            _ => (403, json!({ "error": "invalid_bearer_token" })),
        }),
    );
    let client = client(&realm.config());
    client.ticket(TicketRequest { resources: &[] }).await.unwrap();
    assert_eq!(realm.asked("token").len(), 2);
    realm.on("permission", json_reply(403, json!({ "error": "invalid_bearer_token" })));
    client.ticket(TicketRequest { resources: &[] }).await.unwrap_err();
    assert_eq!(realm.asked("token").len(), 3, "one renewal, not a loop");
}

#[tokio::test]
async fn own_token_that_has_expired_is_fetched_again() {
    let realm = FakeRealm::start().await;
    realm.on(
        "token",
        json_reply(200, json!({ "access_token": "pat", "token_type": "Bearer", "expires_in": 0 })),
    );
    realm.on("permission", json_reply(201, json!({ "ticket": "t" })));
    let client = client(&realm.config());
    client.ticket(TicketRequest { resources: &[] }).await.unwrap();
    client.ticket(TicketRequest { resources: &[] }).await.unwrap();
    assert_eq!(realm.asked("token").len(), 2);
}

#[tokio::test]
async fn ticket_that_would_break_the_challenge_is_not_used() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!({ "access_token": "pat", "token_type": "Bearer" })));
    let client = client(&realm.config());
    for ticket in ["", "a\"b", "a\r\nb", "a\\b", "a b"] {
        realm.on("permission", json_reply(201, json!({ "ticket": ticket })));
        client.ticket(TicketRequest { resources: &[] }).await.unwrap_err();
    }
}

/// Ends every connection after the first request on it, with an answer only to the requests with these numbers.
async fn flaky(
    good: std::ops::Range<usize>,
    answer: String,
) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let answer = answer.replace("ORIGIN", &origin);
    let seen = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            if good.contains(&counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    answer.len()
                );
                let _ = stream.write_all((head + &answer).as_bytes()).await;
            }
        }
    });
    (origin, seen)
}

#[tokio::test]
async fn get_is_repeated_once_when_the_connection_ends() {
    let realm = FakeRealm::start().await;
    for (good, succeeds) in [(1..9, true), (2..9, false)] {
        let (origin, seen) = flaky(good, json!({ "issuer": "ORIGIN" }).to_string()).await;
        let mut config = realm.config();
        config.issuer = origin;
        assert_eq!(client(&config).endpoints().await.is_ok(), succeeds);
        assert_eq!(seen.load(std::sync::atomic::Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn post_is_not_repeated() {
    let document = json!({ "issuer": "ORIGIN", "introspection_endpoint": "ORIGIN/introspect" }).to_string();
    let (origin, seen) = flaky(0..1, document).await;
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.issuer = origin;
    let client = client(&config);
    client.endpoints().await.unwrap();
    let error = client.introspect("t").await.unwrap_err();
    assert!(matches!(error, OidcError::Unreachable { .. }), "{error}");
    assert_eq!(seen.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[tokio::test]
async fn realm_behind_a_private_authority_needs_the_ca_file() {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), key.cert.pem()).unwrap();
    let tls =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![key.cert.der().clone()],
                key.signing_key.serialize_der().try_into().unwrap(),
            )
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let body = json!({ "issuer": origin }).to_string();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.issuer = origin;
    config.ca = Some("ca.pem".into());
    OidcClient::build("p", &config, folder.path()).unwrap().endpoints().await.unwrap();
    config.ca = None;
    if let Ok(client) = OidcClient::build("p", &config, folder.path()) {
        client.endpoints().await.unwrap_err();
    }
}

#[tokio::test]
async fn all_problems_of_a_provider_are_told_at_once() {
    let realm = FakeRealm::start().await;
    let mut config = realm.config();
    config.issuer = "sso.example.com".to_owned();
    config.internal_url = Some("ftp://keycloak".to_owned());
    config.client_secret = Some(SecretRef::File("/no/such/secret".into()));
    config.ca = Some("/no/such/ca.pem".into());
    config.concurrency = 0;
    config.timeout = Period::secs(0);
    let problems = OidcClient::build("providers.shop", &config, Path::new("/")).unwrap_err();
    let mut keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["ca", "client_secret", "concurrency", "internal_url", "issuer", "timeout"]
            .map(|member| format!("providers.shop.{member}"))
    );
}

#[tokio::test]
async fn neither_secret_nor_token_is_printed() {
    let realm = FakeRealm::start().await;
    realm.on(
        "token",
        json_reply(200, json!({ "access_token": "pat-text", "token_type": "Bearer", "expires_in": 300 })),
    );
    realm.on("permission", json_reply(201, json!({ "ticket": "t" })));
    let client = client(&realm.config());
    client.ticket(TicketRequest { resources: &[] }).await.unwrap();
    let printed = format!("{client:?} {:?}", question(&[]));
    for secret in [SECRET, "pat-text", "the-callers-token"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

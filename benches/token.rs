//! What a token costs: cold, cached, forged, garbage.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up stops")]

#[path = "support/cpu_clock.rs"]
mod cpu_clock;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use gatecloak::config::ProviderConfig;
use gatecloak::token::{Provider, TokenCache, UnverifiedToken, VerifiedToken, bearer};
use http::HeaderMap;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use self::cpu_clock::CpuClock;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://sso.example.com/realms/shop";
const MAX_BYTES: u64 = 16 * 1024;

fn main() {
    let mut criterion = CpuClock::criterion();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (algorithm, key) in
        [(Algorithm::RS256, "rsa"), (Algorithm::ES256, "p256"), (Algorithm::EdDSA, "ed25519")]
    {
        let provider = provider(algorithm, key, runtime.handle());
        let token = token(algorithm, key, 0);
        verify(&mut criterion, &provider, &format!("{algorithm:?}"), &token);
    }
    extract(&mut criterion);
    cache(&mut criterion, runtime.handle());
    criterion.final_summary();
}

fn verify(criterion: &mut Criterion<CpuClock>, provider: &Provider, algorithm: &str, token: &str) {
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    let forged = format!("{signed}.{}", "A".repeat(if algorithm == "RS256" { 342 } else { 86 }));
    criterion.bench_function(&format!("token/verify/{algorithm}"), |bencher| {
        bencher.iter(|| verified(provider, black_box(token)));
    });
    criterion.bench_function(&format!("token/refuse forged/{algorithm}"), |bencher| {
        bencher.iter(|| {
            let token = UnverifiedToken::parse(black_box(&forged), MAX_BYTES).expect("a JWS");
            provider.verify(&token, NOW).expect_err("a refusal")
        });
    });
}

fn extract(criterion: &mut Criterion<CpuClock>) {
    let token = token(Algorithm::RS256, "rsa", 0);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().expect("a value"));
    criterion.bench_function("token/bearer", |bencher| bencher.iter(|| bearer(black_box(&headers)).is_ok()));
    criterion.bench_function("token/parse", |bencher| {
        bencher.iter(|| UnverifiedToken::parse(black_box(&token), MAX_BYTES).is_ok());
    });
    criterion.bench_function("token/refuse garbage", |bencher| {
        bencher.iter(|| UnverifiedToken::parse(black_box("x.y.z"), MAX_BYTES).is_err());
    });
}

fn cache(criterion: &mut Criterion<CpuClock>, control: &tokio::runtime::Handle) {
    const HOUR: Duration = Duration::from_secs(3600);
    let provider = provider(Algorithm::RS256, "rsa", control);
    let cache = TokenCache::new(64 << 20, |token: &VerifiedToken| token.principal.weight());
    let tokens: Vec<String> = (0..1000).map(|index| token(Algorithm::RS256, "rsa", index)).collect();
    for token in &tokens {
        cache.insert(token, Arc::new(verified(&provider, token)), HOUR);
    }
    let mut which = 0;
    criterion.bench_function("token/cache hit", |bencher| {
        bencher.iter(|| {
            which = (which + 7) % tokens.len();
            tokens.get(which).and_then(|token| cache.get(black_box(token)))
        });
    });
    let value = Arc::new(verified(&provider, tokens.first().expect("a token")));
    let mut fresh = 0_u64;
    criterion.bench_function("token/cache insert", |bencher| {
        bencher.iter_batched(
            || {
                fresh += 1;
                format!("{}{fresh:020}", tokens.first().expect("a token"))
            },
            |token| cache.insert(&token, Arc::clone(&value), HOUR),
            BatchSize::SmallInput,
        );
    });
}

fn verified(provider: &Provider, token: &str) -> VerifiedToken {
    let token = UnverifiedToken::parse(token, MAX_BYTES).expect("a JWS");
    provider.verify(&token, NOW).expect("a good token")
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jose"))
}

fn provider(algorithm: Algorithm, key: &str, control: &tokio::runtime::Handle) -> Provider {
    let config: ProviderConfig = serde_json::from_value(json!({
        "issuer": ISSUER,
        "client_id": "gateway",
        "jwks": { "pem": format!("{key}.pub.pem"), "pem_algorithm": format!("{algorithm:?}") },
    }))
    .expect("a configuration");
    Provider::build("shop", &config, folder(), control, None).expect("a provider")
}

/// An access token as Keycloak makes it, about 1300 bytes with RS256.
fn token(algorithm: Algorithm, key: &str, index: u32) -> String {
    let pem = std::fs::read(folder().join(format!("{key}.pem"))).expect("a key");
    let signer = match algorithm {
        Algorithm::RS256 => EncodingKey::from_rsa_pem(&pem),
        Algorithm::ES256 => EncodingKey::from_ec_pem(&pem),
        _ => EncodingKey::from_ed_pem(&pem),
    };
    let claims = json!({
        "exp": NOW + 300, "iat": NOW, "jti": format!("onrtro:4f0c5d4a-2d3b-5c5e-1a7e-{index:012}"), "iss": ISSUER,
        "aud": ["gateway", "account"], "sub": "6d1f9b2e-4d53-4f7a-9c55-0a0b0c0d0e0f", "typ": "Bearer", "azp": "web",
        "sid": "1f3f6a0a-3b0c-4c41-8a57-2f4e5d6c7b8a", "acr": "1", "allowed-origins": ["https://shop.example.com"],
        "realm_access": { "roles": ["manager", "offline_access", "uma_authorization", "default-roles-shop"] },
        "resource_access": {
            "gateway": { "roles": ["orders-read", "orders-write"] },
            "account": { "roles": ["manage-account", "manage-account-links", "view-profile"] },
        },
        "scope": "openid email profile", "email_verified": true, "name": "Alice Liddell",
        "preferred_username": "alice", "given_name": "Alice", "family_name": "Liddell", "email": "alice@example.com",
    });
    let header = Header { kid: Some(key.to_owned()), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, &claims, &signer.expect("a private key")).expect("a token")
}

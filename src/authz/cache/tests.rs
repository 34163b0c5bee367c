use super::*;
use crate::authz::PushedClaims;
use crate::config::{ByteSize, Period};

const FOREVER: i64 = 10_000;

fn cache(allow: Period, deny: Period, bytes: ByteSize) -> DecisionCache {
    DecisionCache::new(&DecisionCacheConfig { allow_ttl: allow, deny_ttl: deny, bytes }, "orders-api".into())
}

fn ample() -> DecisionCache {
    cache(Period::secs(600), Period::secs(600), ByteSize::mib(1))
}

fn question(resource: &str, scopes: &[&str], mode: ScopesMode) -> Question {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    Question { resource: resource.to_owned(), by: ResourceKey::Name, scopes, mode }
}

static NONE: std::sync::LazyLock<PushedClaims> = std::sync::LazyLock::new(PushedClaims::default);

fn by(token: &str) -> AskerRef<'_> {
    AskerRef { token, pushed: &NONE }
}

fn token(text: &str) -> Arc<Asker> {
    Arc::new(Asker::new(by(text)))
}

#[test]
fn answer_is_given_for_exactly_what_was_asked() {
    let cache = ample();
    let asked = question("Orders", &["view", "edit"], ScopesMode::All);
    cache.insert(&token("t.o.k"), &asked, 3, Verdict::Granted, (0, FOREVER));
    assert_eq!(cache.get(by("t.o.k"), &asked, 3, 0), Some(Verdict::Granted));
    let reordered = question("Orders", &["edit", "view"], ScopesMode::All);
    assert_eq!(cache.get(by("t.o.k"), &reordered, 3, 0), Some(Verdict::Granted), "the order does not matter");
    let others = [
        question("Orders", &["view"], ScopesMode::All),
        question("Orders", &["view", "edit"], ScopesMode::Any),
        question("Orders", &["view,edit"], ScopesMode::All),
        question("Ordersedit", &["view"], ScopesMode::All),
        question("Orders", &[], ScopesMode::All),
        question("orders", &["view", "edit"], ScopesMode::All),
        Question { by: ResourceKey::Id, ..asked.clone() },
    ];
    for other in others {
        assert_eq!(cache.get(by("t.o.k"), &other, 3, 0), None, "{other:?}");
    }
    assert_eq!(cache.get(by("t.o.k2"), &asked, 3, 0), None);
    assert_eq!(cache.get(by("t.o."), &asked, 3, 0), None);
    assert_eq!(cache.get(by("t.o.k"), &asked, 4, 0), None);
}

#[test]
fn answer_does_not_outlive_the_token() {
    let cache = ample();
    let asked = question("Orders", &[], ScopesMode::All);
    cache.insert(&token("t"), &asked, 0, Verdict::Granted, (50, 100));
    assert_eq!(cache.get(by("t"), &asked, 0, 99), Some(Verdict::Granted));
    assert_eq!(cache.get(by("t"), &asked, 0, 100), None, "whatever the cache's own clock says");
    cache.insert(&token("u"), &asked, 0, Verdict::Granted, (100, 100));
    assert_eq!(cache.get(by("u"), &asked, 0, 0), None);
}

#[test]
fn yes_and_no_end_at_their_own_times() {
    let cache = cache(Period::secs(600), Period::millis(50), ByteSize::mib(1));
    let asked = question("Orders", &[], ScopesMode::All);
    cache.insert(&token("yes"), &asked, 0, Verdict::Granted, (0, FOREVER));
    cache.insert(&token("no"), &asked, 0, Verdict::Denied, (0, FOREVER));
    cache.insert(&token("dead"), &asked, 0, Verdict::TokenRefused, (0, FOREVER));
    let started = Instant::now();
    while cache.get(by("no"), &asked, 0, 0).is_some() || cache.get(by("dead"), &asked, 0, 0).is_some() {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
    assert_eq!(cache.get(by("yes"), &asked, 0, 0), Some(Verdict::Granted));
}

#[test]
fn nothing_is_remembered_with_a_time_of_zero() {
    let cache = cache(Period::secs(0), Period::secs(0), ByteSize::mib(1));
    let asked = question("Orders", &[], ScopesMode::All);
    cache.insert(&token("t"), &asked, 0, Verdict::Granted, (0, FOREVER));
    assert_eq!(cache.get(by("t"), &asked, 0, 0), None);
}

#[test]
fn flood_of_tokens_stays_within_the_bytes() {
    let cache = cache(Period::secs(600), Period::secs(600), ByteSize::kib(64));
    let asked = question("Orders", &["view"], ScopesMode::All);
    for number in 0..2000 {
        cache.insert(
            &token(&format!("{number}{}", "x".repeat(1000))),
            &asked,
            0,
            Verdict::Denied,
            (0, FOREVER),
        );
    }
    cache.entries.run_pending_tasks();
    assert!(cache.entries.weighted_size() <= 64 * 1024, "{}", cache.entries.weighted_size());
    assert!(cache.entries.entry_count() <= 64);
}

#[test]
fn tokens_are_not_printed() {
    let cache = ample();
    cache.insert(
        &token("t.o.k"),
        &question("Orders", &[], ScopesMode::All),
        0,
        Verdict::Denied,
        (0, FOREVER),
    );
    assert!(!format!("{cache:?} {:?}", token("t.o.k")).contains("t.o.k"));
}

use std::sync::atomic::AtomicUsize;

use serde_json::Value;

use super::*;
use crate::config::Period;
use crate::token::fixture::{jwk, key_set, set_json};

const HOUR: Period = Period::secs(3600);

/// A realm that answers what it is told to, and counts.
#[derive(Default)]
struct Realm {
    answer: Mutex<Option<Result<Vec<u8>, String>>>,
    /// Held by a test that wants fetches to take their time.
    gate: tokio::sync::RwLock<()>,
    asked: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Realm {
    fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    fn shows(&self, keys: &[Value]) {
        self.says(&set_json(keys));
    }

    fn says(&self, body: &[u8]) {
        *self.answer.lock() = Some(Ok(body.to_vec()));
    }

    fn is_down(&self) {
        *self.answer.lock() = Some(Err("connection refused".to_owned()));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn fetch(self: &Arc<Self>) -> Arc<Fetch> {
        let realm = Arc::clone(self);
        Arc::new(move || {
            let realm = Arc::clone(&realm);
            Box::pin(async move {
                realm.asked.fetch_add(1, Ordering::SeqCst);
                let now = realm.at_once.fetch_add(1, Ordering::SeqCst) + 1;
                realm.most_at_once.fetch_max(now, Ordering::SeqCst);
                let open = realm.gate.read().await;
                realm.at_once.fetch_sub(1, Ordering::SeqCst);
                drop(open);
                let answer = realm.answer.lock().clone();
                answer.unwrap_or_else(|| panic!("asked too early")).map(Bytes::from)
            })
        })
    }
}

fn settings() -> JwksConfig {
    JwksConfig { refetch_after: HOUR, cool_down: HOUR, max_stale: HOUR, ..JwksConfig::default() }
}

fn store(realm: &Arc<Realm>, settings: &JwksConfig) -> Arc<KeyStore> {
    KeyStore::new("shop".into(), settings, realm.fetch(), Handle::current())
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_store_starts_without_the_realm_and_is_ready_when_the_realm_is() {
    let realm = Realm::new();
    realm.is_down();
    let store = store(&realm, &settings());
    assert!(!store.is_ready());
    store.start();
    until("a second attempt", || realm.asked() >= 2).await;
    assert!(!store.is_ready());
    realm.shows(&[jwk("rsa")]);
    until("keys", || store.is_ready()).await;
}

#[tokio::test]
async fn an_unknown_kid_is_fetched_for_and_found() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    assert_eq!(store.refetch_for(Some("rsa")).await, Ok(()));
    assert_eq!(realm.asked(), 1);
    // Known by now, so nobody is asked.
    assert_eq!(store.refetch_for(Some("rsa")).await, Ok(()));
    assert_eq!(realm.asked(), 1);
}

#[tokio::test]
async fn two_hundred_unknown_kids_cause_two_fetches() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    assert_eq!(store.refetch_for(Some("rsa")).await, Ok(()));
    let asked = realm.asked();
    for index in 0..200 {
        assert_eq!(store.refetch_for(Some(&format!("kid-{index}"))).await, Err(TokenError::KeyUnknown));
    }
    assert_eq!(realm.asked() - asked, 2);
    assert!(store.is_ready());
}

#[tokio::test]
async fn keys_that_change_right_after_the_first_fetch_and_once_more_are_found_at_once() {
    let realm = Realm::new();
    realm.is_down();
    let store = store(&realm, &settings());
    for _ in 0..3 {
        assert_eq!(store.refetch_for(Some("rsa")).await, Err(TokenError::KeysUnavailable));
    }
    realm.shows(&[jwk("rsa")]);
    store.start();
    until("keys", || store.is_ready()).await;
    realm.shows(&[jwk("p256")]);
    assert_eq!(store.refetch_for(Some("p256")).await, Ok(()));
    realm.shows(&[jwk("ed25519")]);
    assert_eq!(store.refetch_for(Some("ed25519")).await, Ok(()));
}

#[tokio::test]
async fn a_fetch_that_fails_counts_too() {
    let realm = Realm::new();
    realm.is_down();
    let store = store(&realm, &settings());
    for index in 0..50 {
        let refused = store.refetch_for(Some(&format!("kid-{index}"))).await;
        assert_eq!(refused, Err(TokenError::KeysUnavailable));
    }
    assert_eq!(realm.asked(), 2);
}

#[tokio::test]
async fn after_the_cool_down_a_new_key_is_found() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &JwksConfig { cool_down: Period::millis(10), ..settings() });
    assert_eq!(store.refetch_for(Some("p256")).await, Err(TokenError::KeyUnknown));
    realm.shows(&[jwk("rsa"), jwk("p256")]);
    let begun = std::time::Instant::now();
    while store.refetch_for(Some("p256")).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the key is never found");
        tokio::task::yield_now().await;
    }
    assert!(store.has(Some("rsa")));
}

#[tokio::test]
async fn a_background_fetch_does_not_count() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    store.start();
    until("keys", || store.is_ready()).await;
    realm.shows(&[jwk("p256")]);
    assert_eq!(store.refetch_for(Some("p256")).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_wait_one_fetch_is_in_flight() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    let closed = realm.gate.write().await;
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.refetch_for(Some("rsa")).await })
        })
        .collect();
    until("the fetch has begun", || realm.asked() == 1).await;
    drop(closed);
    for waiter in waiting {
        assert_eq!(waiter.await.unwrap(), Ok(()));
    }
    assert_eq!((realm.asked(), realm.most_at_once.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_waiter_that_goes_away_does_not_stop_the_fetch() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    let closed = realm.gate.write().await;
    let waiter = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.refetch_for(Some("rsa")).await }
    });
    until("the fetch has begun", || realm.asked() == 1).await;
    waiter.abort();
    drop(closed);
    until("keys", || store.is_ready()).await;
}

/// What somebody gets who asks for another key while the background fetch is under way.
async fn waited_for_an_older_fetch(realm: &Arc<Realm>) -> Result<(), TokenError> {
    let store = store(realm, &settings());
    let closed = realm.gate.write().await;
    store.start();
    until("the background fetch has begun", || realm.asked() == 1).await;
    let waiter = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.refetch_for(Some("p256")).await }
    });
    tokio::task::yield_now().await;
    drop(closed);
    waiter.await.unwrap()
}

#[tokio::test]
async fn who_waited_for_an_older_fetch_in_vain_causes_one_more() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    assert_eq!(waited_for_an_older_fetch(&realm).await, Err(TokenError::KeyUnknown));
    assert_eq!(realm.asked(), 2);
}

#[tokio::test]
async fn who_waited_for_a_fetch_that_failed_does_not_wait_for_another() {
    let realm = Realm::new();
    realm.is_down();
    assert_eq!(waited_for_an_older_fetch(&realm).await, Err(TokenError::KeysUnavailable));
    assert_eq!(realm.asked(), 1);
}

#[tokio::test]
async fn a_key_that_the_realm_took_away_is_gone_after_the_next_fetch() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa"), jwk("p256")]);
    let store = store(&realm, &JwksConfig { refetch_after: Period::millis(1), ..settings() });
    store.start();
    until("keys", || store.has(Some("rsa"))).await;
    realm.shows(&[jwk("p256")]);
    until("the key is gone", || !store.has(Some("rsa"))).await;
    assert!(store.has(Some("p256")));
}

#[tokio::test]
async fn an_answer_without_a_usable_key_does_not_replace_a_good_set() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &JwksConfig { refetch_after: Period::millis(1), ..settings() });
    store.start();
    until("keys", || store.is_ready()).await;
    let epoch = store.epoch();
    for bad in [&b"<html>"[..], b"", b"null", b"{\"keys\":[]}", &set_json(&[jwk("rsa-1024")])] {
        realm.says(bad);
        let asked = realm.asked();
        until("one more fetch", || realm.asked() > asked + 1).await;
        assert!(store.has(Some("rsa")));
        realm.shows(&[jwk("rsa")]);
        until("the realm is well again", || !store.state.lock().last_fetch_failed).await;
    }
    assert_eq!(store.epoch(), epoch);
}

#[tokio::test]
async fn old_keys_go_on_while_the_realm_is_down_until_they_are_too_old() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    assert_eq!(store.refetch_for(Some("rsa")).await, Ok(()));
    realm.is_down();
    store.start();
    until("a failed fetch", || store.state.lock().last_fetch_failed).await;
    assert!(store.is_ready());

    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let settings =
        JwksConfig { refetch_after: Period::millis(1), max_stale: Period::millis(50), ..settings() };
    let store = self::store(&realm, &settings);
    store.start();
    until("keys", || store.is_ready()).await;
    let epoch = store.epoch();
    realm.is_down();
    until("the keys are given up", || !store.is_ready()).await;
    assert_ne!(store.epoch(), epoch);
    realm.shows(&[jwk("rsa")]);
    until("keys again", || store.is_ready()).await;
}

#[tokio::test]
async fn the_epoch_counts_changes_and_not_fetches() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa"), jwk("p256")]);
    let store = store(&realm, &JwksConfig { refetch_after: Period::millis(1), ..settings() });
    let empty = store.epoch();
    store.start();
    until("keys", || store.is_ready()).await;
    let first = store.epoch();
    assert_ne!(first, empty);
    // The same in another order.
    realm.shows(&[jwk("p256"), jwk("rsa")]);
    let asked = realm.asked();
    until("two more fetches", || realm.asked() > asked + 2).await;
    assert_eq!(store.epoch(), first);
    realm.shows(&[jwk("p256")]);
    until("another epoch", || store.epoch() != first).await;
}

#[tokio::test]
async fn no_two_stores_have_the_same_epoch() {
    let fixed = || KeyStore::fixed("shop".into(), key_set(&[jwk("rsa")]), &settings(), Handle::current());
    assert_ne!(fixed().epoch(), fixed().epoch());
}

#[tokio::test]
async fn fixed_keys_are_never_fetched() {
    let store = KeyStore::fixed("shop".into(), key_set(&[jwk("rsa")]), &settings(), Handle::current());
    store.start();
    assert!(store.is_ready());
    assert!(store.state.lock().background.is_none());
    assert_eq!(store.refetch_for(Some("p256")).await, Err(TokenError::KeyUnknown));
}

#[tokio::test]
async fn the_background_task_ends_with_the_store() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    store.start();
    store.start();
    until("keys", || store.is_ready()).await;
    let task = store.state.lock().background.clone().unwrap();
    drop(store);
    until("the task ends", || task.is_finished()).await;
    until("nobody holds the way to fetch", || Arc::strong_count(&realm) == 1).await;
}

#[tokio::test]
async fn a_fetch_that_panics_is_a_failed_fetch() {
    let realm = Realm::new();
    let store = store(&realm, &JwksConfig { cool_down: Period::millis(1), ..settings() });
    assert_eq!(store.refetch_for(Some("rsa")).await, Err(TokenError::KeysUnavailable));
    realm.shows(&[jwk("rsa")]);
    let begun = std::time::Instant::now();
    while store.refetch_for(Some("rsa")).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the store never fetches again");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn after_a_reload_the_new_client_is_used() {
    let (before, after) = (Realm::new(), Realm::new());
    before.is_down();
    after.shows(&[jwk("rsa")]);
    let store = store(&before, &settings());
    store.fetch_with(after.fetch());
    assert_eq!(store.refetch_for(Some("rsa")).await, Ok(()));
    assert_eq!((before.asked(), after.asked()), (0, 1));
}

#[tokio::test]
async fn waiting_works_from_another_runtime() {
    let realm = Realm::new();
    realm.shows(&[jwk("rsa")]);
    let store = store(&realm, &settings());
    let worker = std::thread::spawn(move || {
        let worker = tokio::runtime::Builder::new_current_thread().build().unwrap();
        worker.block_on(store.refetch_for(Some("rsa")))
    });
    until("the worker has its answer", || worker.is_finished()).await;
    assert_eq!(worker.join().unwrap(), Ok(()));
}

mod unknown_kids {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_kid_is_remembered_twice_as_long_each_time() {
        let mut unknown = UnknownKids::new(SECOND);
        let mut now = Instant::now();
        for seconds in [1, 2, 4, 8, 16, 32, 32] {
            unknown.remember("a", now);
            assert!(unknown.contains("a", now + SECOND * seconds - Duration::from_millis(1)));
            now += SECOND * seconds;
            assert!(!unknown.contains("a", now));
        }
    }

    #[test]
    fn a_kid_that_was_long_not_seen_begins_anew() {
        let mut unknown = UnknownKids::new(SECOND);
        let now = Instant::now();
        unknown.remember("a", now);
        let later = now + SECOND * 100;
        unknown.remember("a", later);
        assert!(!unknown.contains("a", later + SECOND));
    }

    #[test]
    fn a_flood_of_kids_takes_bounded_memory() {
        let mut unknown = UnknownKids::new(SECOND);
        let now = Instant::now();
        for index in 0..5000 {
            unknown.remember(&index.to_string(), now);
        }
        assert_eq!(unknown.len(), 1024);
        unknown.remember("later", now + SECOND * 10);
        assert!(unknown.contains("later", now + SECOND * 10));
        assert_eq!(unknown.len(), 1);
    }

    #[test]
    fn a_period_beyond_every_clock_does_no_harm() {
        let mut unknown = UnknownKids::new(Duration::MAX);
        unknown.remember("a", Instant::now());
        assert_eq!(unknown.len(), 0);
    }
}

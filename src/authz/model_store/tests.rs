use bytes::Bytes;
use futures_util::FutureExt as _;
use tokio::runtime::Handle;

use super::*;
use crate::config::DecisionCacheConfig;

fn export(settings: &str) -> AuthorizationExport {
    AuthorizationExport {
        settings: Bytes::copy_from_slice(settings.as_bytes()),
        client: "1".to_owned(),
        resources: Vec::new(),
    }
}

const SETTINGS: &str = r#"{"scopes":[{"name":"view"}]}"#;

/// Whose events nobody looks at.
fn only(fetch: Arc<Fetch>) -> Calls {
    Calls { fetch, look: Arc::new(|| futures_util::future::pending().boxed()) }
}

async fn until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(10), "it never happened");
        tokio::task::yield_now().await;
    }
}

fn store() -> Arc<ModelStore> {
    let cache = Arc::new(DecisionCache::new(&DecisionCacheConfig::default(), "api".into()));
    let config = AuthorizationConfig::default();
    ModelStore::fetched("shop".into(), &config, Surroundings::default(), cache, None)
}

#[tokio::test]
async fn store_ends_with_its_last_user() {
    let store = store();
    let fetch: Arc<Fetch> = Arc::new(|| async { Ok(export(SETTINGS)) }.boxed());
    let weak = Arc::downgrade(&fetch);
    store.start(only(fetch), &Handle::current());
    until(|| store.current().model.is_some()).await;
    drop(store);
    until(|| weak.strong_count() == 0).await;
}

#[tokio::test]
async fn settings_that_are_none_leave_those_at_hand() {
    let store = store();
    let refreshed = store.refreshed.as_ref().unwrap();
    store.replace(refreshed, &Arc::new(export(SETTINGS))).unwrap();
    let version = store.version();
    for bad in ["", "[]", r#"{"resources":[{"name":"a"},{"name":"a"}]}"#] {
        store.replace(refreshed, &Arc::new(export(bad))).unwrap_err();
    }
    assert_eq!(store.version(), version);
    assert!(store.current().model.is_some());
}

#[tokio::test]
async fn a_fetch_that_panics_is_a_failed_one() {
    let store = store();
    let calls = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let fetch: Arc<Fetch> = Arc::new(move || {
        let number = counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { if number == 0 { panic!("once") } else { Ok(export(SETTINGS)) } }.boxed()
    });
    store.start(only(fetch), &Handle::current());
    until(|| store.current().model.is_some()).await;
    assert_eq!(calls.load(std::sync::atomic::Ordering::Relaxed), 2);
}

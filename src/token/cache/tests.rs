use super::*;

fn cache(bytes: u64) -> TokenCache<String> {
    TokenCache::new(bytes, String::len)
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_token_is_found_by_all_of_itself() {
    let cache = cache(1 << 20);
    cache.insert("a.b.c", Arc::new("alice".to_owned()), HOUR);
    assert_eq!(cache.get("a.b.c").as_deref().map(String::as_str), Some("alice"));
    for other in ["a.b.", "a.b.C", "a.b.cc", "", "A.b.c"] {
        assert!(cache.get(other).is_none(), "{other}");
    }
}

#[test]
fn the_same_token_again_replaces_what_was_known() {
    let cache = cache(1 << 20);
    cache.insert("a.b.c", Arc::new("alice".to_owned()), HOUR);
    cache.insert("a.b.c", Arc::new("bob".to_owned()), HOUR);
    assert_eq!(cache.get("a.b.c").as_deref().map(String::as_str), Some("bob"));
}

#[test]
fn an_entry_whose_time_is_up_is_not_found() {
    let cache = cache(1 << 20);
    cache.insert("a.b.c", Arc::new("alice".to_owned()), Duration::ZERO);
    assert!(cache.get("a.b.c").is_none());
    cache.insert("d.e.f", Arc::new("alice".to_owned()), HOUR);
    cache.insert("d.e.f", Arc::new("alice".to_owned()), Duration::ZERO);
    assert!(cache.get("d.e.f").is_none());
}

#[test]
fn clear_forgets_everything() {
    let cache = cache(1 << 20);
    cache.insert("a.b.c", Arc::new("alice".to_owned()), HOUR);
    cache.clear();
    assert!(cache.get("a.b.c").is_none());
}

#[test]
fn a_flood_of_tokens_takes_no_more_than_the_bytes_given() {
    let bytes = 64 * 1024;
    let cache = cache(bytes);
    for index in 0..10_000 {
        cache.insert(&format!("{index:0>1000}"), Arc::new(String::new()), HOUR);
    }
    cache.entries.run_pending_tasks();
    assert!(cache.entries.weighted_size() <= bytes);
    assert!(cache.entries.entry_count() <= bytes / 1000);
    assert!(cache.entries.entry_count() > 0);
}

#[test]
fn an_entry_larger_than_the_cache_is_not_kept() {
    let cache = cache(1024);
    cache.insert("a.b.c", Arc::new("x".repeat(2000)), HOUR);
    cache.entries.run_pending_tasks();
    assert!(cache.get("a.b.c").is_none());
}

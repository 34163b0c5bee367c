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

/// How many entries there are, and how much they weigh.
fn size(cache: &TokenCache<String>) -> (usize, u64) {
    let sizes = cache.shards.iter().map(|shard| shard.lock().size());
    sizes.fold((0, 0), |(count, weight), (more, heavier)| (count + more, weight + heavier))
}

#[test]
fn a_flood_of_tokens_takes_no_more_than_the_bytes_given() {
    for bytes in [64 * 1024, 20 << 20] {
        let cache = cache(bytes);
        for index in 0..30_000 {
            cache.insert(&format!("{index:0>1000}"), Arc::new(String::new()), HOUR);
        }
        let (count, weight) = size(&cache);
        assert!(weight <= bytes && weight > bytes / 2, "{weight} of {bytes}");
        assert_eq!(weight, count as u64 * 1384);
    }
}

#[test]
fn a_flood_of_tokens_that_come_once_leaves_the_one_in_use() {
    let cache = cache(64 * 1024);
    cache.insert("a.b.c", Arc::new("alice".to_owned()), HOUR);
    for index in 0..10_000 {
        assert!(cache.get("a.b.c").is_some(), "{index}");
        cache.insert(&format!("{index:0>1000}"), Arc::new(String::new()), HOUR);
    }
}

#[test]
fn room_is_made_also_where_all_are_in_use() {
    let cache = cache(256 * 1024);
    for index in 0..1000 {
        let token = format!("{index:0>1000}");
        cache.insert(&token, Arc::new(String::new()), HOUR);
        assert!(cache.get(&token).is_some());
    }
    let (count, weight) = size(&cache);
    assert!(weight <= 256 * 1024 && count > 100);
}

#[test]
fn tokens_that_end_alike_are_told_apart() {
    let cache = cache(1 << 20);
    let tail = "x".repeat(100);
    for name in ["a", "b"] {
        cache.insert(&format!("{name}.{tail}"), Arc::new(name.to_owned()), HOUR);
    }
    assert_eq!(cache.get(&format!("a.{tail}")).as_deref().map(String::as_str), Some("a"));
    assert_eq!(cache.get(&format!("b.{tail}")).as_deref().map(String::as_str), Some("b"));
    assert!(cache.get(&format!("c.{tail}")).is_none());
}

#[test]
fn what_replaces_an_entry_weighs_in_its_place() {
    let cache = cache(4096);
    cache.insert("a.b.c", Arc::new("x".repeat(1000)), HOUR);
    for _ in 0..100 {
        cache.insert("a.b.c", Arc::new("x".repeat(10)), HOUR);
    }
    assert_eq!(size(&cache), (1, 5 + 10 + ENTRY_OVERHEAD as u64));
    cache.insert("a.b.c", Arc::new("x".repeat(5000)), HOUR);
    assert_eq!(size(&cache), (0, 0));
}

#[test]
fn an_entry_larger_than_the_cache_is_not_kept() {
    let cache = cache(1024);
    cache.insert("a.b.c", Arc::new("x".repeat(2000)), HOUR);
    assert!(cache.get("a.b.c").is_none());
    assert_eq!(size(&cache), (0, 0));
}

//! The cache of verified tokens: the key is the whole token, the bound is in bytes.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;
use zeroize::Zeroizing;

/// What an entry takes beside its key and its value: the cache's own nodes, about.
pub(super) const ENTRY_OVERHEAD: usize = 384;

/// What was proven from a token, by the token itself.
///
/// Keys are whole tokens (compared in full, hashed with a random seed), so no two can collide; they are wiped from
/// memory when dropped. An entry ends at the `exp` of its token.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use gatecloak::token::TokenCache;
///
/// let cache = TokenCache::new(1 << 20, |name: &String| name.len());
/// cache.insert("a.b.c", Arc::new("alice".to_owned()), Duration::from_secs(60));
/// assert_eq!(cache.get("a.b.c").as_deref().map(String::as_str), Some("alice"));
/// assert!(cache.get("a.b.d").is_none());
/// ```
pub struct TokenCache<V> {
    entries: Cache<TokenKey, Entry<V>, ahash::RandomState>,
    weight: fn(&V) -> usize,
}

impl<V: Send + Sync + 'static> TokenCache<V> {
    /// A cache that holds at most `bytes` of keys and values together; `weight` says how much a value takes.
    pub fn new(bytes: u64, weight: fn(&V) -> usize) -> Self {
        let entries = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &TokenKey, entry: &Entry<V>| entry.weight)
            .expire_after(EndsWithItsToken)
            .build_with_hasher(ahash::RandomState::new());
        Self { entries, weight }
    }

    /// What was proven from this very token. The caller checks expiry and epoch.
    pub fn get(&self, token: &str) -> Option<Arc<V>> {
        self.entries.get(token).map(|entry| entry.value)
    }

    /// Remembers a token; `expires_in` from now, after which the entry may be dropped.
    pub fn insert(&self, token: &str, value: Arc<V>, expires_in: Duration) {
        let weight = token_weight(token, (self.weight)(&value));
        self.entries.insert(TokenKey::new(token), Entry { value, weight, expires_in });
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.entries.invalidate_all();
    }
}

/// The weight of an entry, as the caches count it.
pub(super) fn token_weight(token: &str, value: usize) -> u32 {
    u32::try_from(token.len().saturating_add(value).saturating_add(ENTRY_OVERHEAD)).unwrap_or(u32::MAX)
}

/// A whole token as a key, wiped from memory when dropped.
pub(super) struct TokenKey(Zeroizing<Box<str>>);

impl TokenKey {
    pub(super) fn new(token: &str) -> Self {
        Self(Zeroizing::new(token.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for TokenKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for TokenKey {}

impl Hash for TokenKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for TokenKey {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

struct Entry<V> {
    value: Arc<V>,
    weight: u32,
    expires_in: Duration,
}

impl<V> Clone for Entry<V> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), ..*self }
    }
}

struct EndsWithItsToken;

impl<V> Expiry<TokenKey, Entry<V>> for EndsWithItsToken {
    fn expire_after_create(&self, _: &TokenKey, entry: &Entry<V>, _: Instant) -> Option<Duration> {
        Some(entry.expires_in)
    }

    fn expire_after_update(
        &self,
        _: &TokenKey,
        entry: &Entry<V>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.expires_in)
    }
}

#[cfg(test)]
mod tests;

//! The cache of verified tokens: the key is the whole token, the bound is in bytes.

mod shard;

use std::borrow::Borrow;
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use zeroize::Zeroizing;

use self::shard::{Shard, TailState};

/// What an entry takes beside its key and its value: the cache's own nodes, about.
pub(super) const ENTRY_OVERHEAD: usize = 384;

/// The cache is split, so that workers seldom meet at a lock; but not so far that a part holds only a few tokens.
const MOST_SHARDS: u64 = 16;
const LEAST_SHARD: u64 = 1 << 20;

/// What was proven from a token, by the token itself.
///
/// Keys are whole tokens (compared in full, hashed with a random seed), so no two can collide; they are wiped from
/// memory when dropped. An entry ends at the `exp` of its token. When there is no more room, the oldest go first, but
/// for those that were asked for meanwhile: tokens that come once don't displace those in use.
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
    shards: Box<[Mutex<Shard<V>>]>,
    hasher: TailState,
    weight: fn(&V) -> usize,
}

impl<V: Send + Sync + 'static> TokenCache<V> {
    /// A cache that holds at most `bytes` of keys and values together; `weight` says how much a value takes.
    pub fn new(bytes: u64, weight: fn(&V) -> usize) -> Self {
        let count = (bytes / LEAST_SHARD).clamp(1, MOST_SHARDS);
        let shards = (0..count).map(|_| Mutex::new(Shard::new(bytes / count))).collect();
        Self { shards, hasher: TailState::default(), weight }
    }

    /// What was proven from this very token. The caller checks expiry and epoch.
    pub fn get(&self, token: &str) -> Option<Arc<V>> {
        self.shard(token)?.lock().get(token, Instant::now)
    }

    /// Remembers a token; `expires_in` from now, after which the entry is not found any more.
    pub fn insert(&self, token: &str, value: Arc<V>, expires_in: Duration) {
        let weight = u64::from(token_weight(token, (self.weight)(&value)));
        // What no clock can show never comes: it is not remembered either.
        let (Some(shard), Some(until)) = (self.shard(token), Instant::now().checked_add(expires_in)) else {
            return;
        };
        let key = TokenKey::new(token);
        let dropped = shard.lock().insert(key, value, weight, until);
        // Freed, and wiped, after the lock.
        drop(dropped);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for shard in &self.shards {
            let dropped = shard.lock().clear();
            drop(dropped);
        }
    }

    fn shard(&self, token: &str) -> Option<&Mutex<Shard<V>>> {
        let count = self.shards.len().max(1);
        // The upper half: the tables inside use the lower bits.
        let number = usize::try_from(self.hasher.hash_one(token) >> 32).unwrap_or_default();
        self.shards.get(number % count)
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

#[cfg(test)]
mod tests;

//! One part of the cache: a table, and the order in which its entries came.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use ahash::{AHasher, RandomState};

use super::TokenKey;

/// So many entries in use get another turn at most when room is made for one: that bounds the time under the lock.
const MOST_CHANCES: usize = 32;

/// The bytes at the end of a token that are hashed. There stands the signature, which nobody can choose for a token that
/// verifies; and none that does not is ever kept.
const TAIL: usize = 64;

/// A part of the cache.
pub(super) struct Shard<V> {
    entries: HashMap<SharedKey, Entry<V>, TailState>,
    /// The key of each entry once, the oldest first.
    order: VecDeque<SharedKey>,
    weight: u64,
    most: u64,
}

pub(super) struct Entry<V> {
    value: Arc<V>,
    weight: u64,
    until: Instant,
    /// Asked for since it came or since it was last passed over.
    used: bool,
}

/// What has left the cache, to be dropped when the lock is free again.
pub(super) type Dropped<V> = Vec<(SharedKey, Entry<V>)>;

impl<V> Shard<V> {
    pub(super) fn new(most: u64) -> Self {
        Self { entries: HashMap::default(), order: VecDeque::new(), weight: 0, most }
    }

    pub(super) fn get(&mut self, token: &str, now: impl FnOnce() -> Instant) -> Option<Arc<V>> {
        let entry = self.entries.get_mut(token)?;
        if now() >= entry.until {
            return None;
        }
        entry.used = true;
        Some(Arc::clone(&entry.value))
    }

    pub(super) fn insert(&mut self, key: TokenKey, value: Arc<V>, weight: u64, until: Instant) -> Dropped<V> {
        let mut dropped = Dropped::new();
        let (key, new) = (SharedKey::new(key), Entry { value, weight, until, used: false });
        if let Some(known) = self.entries.get_mut(key.as_str()) {
            // It keeps its place in the order.
            let before = std::mem::replace(known, new);
            self.weight = self.weight.saturating_sub(before.weight).saturating_add(weight);
            dropped.push((key, before));
            self.make_room(self.most, &mut dropped);
        } else if let Some(room) = self.most.checked_sub(weight) {
            self.make_room(room, &mut dropped);
            self.weight = self.weight.saturating_add(weight);
            self.order.push_back(key.clone());
            self.entries.insert(key, new);
        } else {
            dropped.push((key, new));
        }
        dropped
    }

    pub(super) fn clear(&mut self) -> Dropped<V> {
        self.order.clear();
        self.weight = 0;
        self.entries.drain().collect()
    }

    /// Lets entries go until no more than `most` is held.
    fn make_room(&mut self, most: u64, dropped: &mut Dropped<V>) {
        let mut chances = MOST_CHANCES;
        while self.weight > most {
            let Some(key) = self.order.pop_front() else { return };
            if let Some(entry) = self.entries.get_mut(key.as_str())
                && entry.used
                && chances > 0
            {
                entry.used = false;
                chances -= 1;
                self.order.push_back(key);
            } else if let Some(entry) = self.entries.remove(key.as_str()) {
                self.weight = self.weight.saturating_sub(entry.weight);
                dropped.push((key, entry));
            }
        }
    }

    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, u64) {
        assert_eq!(self.entries.len(), self.order.len());
        (self.entries.len(), self.weight)
    }
}

/// A key in the table and in the order, with the token in memory once.
#[derive(Clone)]
pub(super) struct SharedKey(Arc<TokenKey>);

impl SharedKey {
    fn new(key: TokenKey) -> Self {
        Self(Arc::new(key))
    }

    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for SharedKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for SharedKey {}

impl Hash for SharedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for SharedKey {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

/// Hashes the end of a token only, with a random seed.
#[derive(Clone, Default)]
pub(super) struct TailState(RandomState);

impl BuildHasher for TailState {
    type Hasher = TailHasher;

    fn build_hasher(&self) -> TailHasher {
        TailHasher(self.0.build_hasher())
    }
}

pub(super) struct TailHasher(AHasher);

impl Hasher for TailHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes.last_chunk::<TAIL>().map_or(bytes, |tail| tail));
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

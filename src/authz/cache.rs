//! Keycloak's answers, remembered for a while, and never past the token they were given for.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::Equivalent;
use moka::sync::Cache;

use super::asker::{Asker, AskerRef};
use super::requirement::{Question, ResourceKey};
use crate::config::{DecisionCacheConfig, ScopesMode};

/// What an entry takes beside its texts, about.
const ENTRY_BYTES: usize = 256;

/// Keycloak's answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Yes.
    Granted,
    /// No.
    Denied,
    /// It does not know what is asked for: neither yes nor no, also to the opposite question.
    Unknown,
    /// It does not take the token, whatever is asked.
    TokenRefused,
}

impl Verdict {
    /// The word in the log.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::TokenRefused => "token_refused",
        }
    }
}

/// Everything that an answer depends on, compared in full, so that no two questions can be taken for each other.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct KeyParts<'a> {
    asker: AskerRef<'a>,
    resource_server: &'a str,
    resource: &'a str,
    by: ResourceKey,
    /// Sorted.
    scopes: &'a [String],
    mode: ScopesMode,
    version: u64,
}

struct Key {
    asker: Arc<Asker>,
    resource_server: Arc<str>,
    question: Question,
    version: u64,
}

impl Key {
    fn parts(&self) -> KeyParts<'_> {
        parts(self.asker.borrowed(), &self.resource_server, &self.question, self.version)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl Equivalent<Key> for KeyParts<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.parts()
    }
}

fn parts<'a>(
    asker: AskerRef<'a>,
    resource_server: &'a str,
    question: &'a Question,
    version: u64,
) -> KeyParts<'a> {
    KeyParts {
        asker,
        resource_server,
        resource: &question.resource,
        by: question.by,
        scopes: &question.scopes,
        mode: question.mode,
        version,
    }
}

#[derive(Clone, Copy)]
struct Entry {
    verdict: Verdict,
    kept_for: Duration,
    /// Seconds since 1970.
    usable_until: i64,
}

struct Lifetimes;

impl moka::Expiry<Key, Entry> for Lifetimes {
    fn expire_after_create(&self, _: &Key, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.kept_for)
    }

    fn expire_after_update(
        &self,
        _: &Key,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.kept_for)
    }
}

/// The answers of one realm about the resources of one client.
pub(super) struct DecisionCache {
    entries: Cache<Key, Entry, ahash::RandomState>,
    allow_ttl: Duration,
    deny_ttl: Duration,
    resource_server: Arc<str>,
    versions: AtomicU64,
}

impl DecisionCache {
    pub(super) fn new(config: &DecisionCacheConfig, resource_server: Arc<str>) -> Self {
        let entries = Cache::builder()
            .max_capacity(config.bytes.get())
            .weigher(|key: &Key, _: &Entry| weight(key))
            .expire_after(Lifetimes)
            .build_with_hasher(ahash::RandomState::new());
        Self {
            entries,
            allow_ttl: config.allow_ttl.get(),
            deny_ttl: config.deny_ttl.get(),
            resource_server,
            versions: AtomicU64::new(0),
        }
    }

    /// A number for settings that nothing here was decided under.
    pub(super) fn next_version(&self) -> u64 {
        self.versions.fetch_add(1, Ordering::Relaxed)
    }

    /// The answer to this question of this asker, under these settings.
    pub(super) fn get(
        &self,
        asker: AskerRef<'_>,
        question: &Question,
        version: u64,
        now: i64,
    ) -> Option<Verdict> {
        let question = sorted(question);
        let entry = self.entries.get(&parts(asker, &self.resource_server, &question, version))?;
        // The clock may have been set since.
        (now < entry.usable_until).then_some(entry.verdict)
    }

    /// Remembers an answer, at most until the token ends.
    pub(super) fn insert(
        &self,
        asker: &Arc<Asker>,
        question: &Question,
        version: u64,
        verdict: Verdict,
        (now, usable_until): (i64, i64),
    ) {
        let ttl = match verdict {
            Verdict::Granted => self.allow_ttl,
            Verdict::Denied | Verdict::Unknown | Verdict::TokenRefused => self.deny_ttl,
        };
        let left = Duration::from_secs(u64::try_from(usable_until.saturating_sub(now)).unwrap_or(0));
        // What was learned in the same second must not end in the same second.
        let kept_for = ttl.mul_f64(1.0 - 0.1 * fastrand::f64()).min(left);
        if kept_for.is_zero() {
            return;
        }
        let key = Key {
            asker: Arc::clone(asker),
            resource_server: Arc::clone(&self.resource_server),
            question: sorted(question).into_owned(),
            version,
        };
        self.entries.insert(key, Entry { verdict, kept_for, usable_until });
    }
}

impl std::fmt::Debug for DecisionCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecisionCache")
            .field("resource_server", &self.resource_server)
            .finish_non_exhaustive()
    }
}

/// The order of the scopes does not change the question.
fn sorted(question: &Question) -> Cow<'_, Question> {
    if question.scopes.is_sorted() {
        return Cow::Borrowed(question);
    }
    let mut question = question.clone();
    question.scopes.sort_unstable();
    Cow::Owned(question)
}

fn weight(key: &Key) -> u32 {
    let scopes: usize = key.question.scopes.iter().map(|scope| scope.len() + size_of::<String>()).sum();
    let bytes = ENTRY_BYTES + key.asker.weight() + key.question.resource.len() + scopes;
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

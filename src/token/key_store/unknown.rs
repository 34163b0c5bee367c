//! The `kid`s that the realm did not have when asked.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// A flood of made-up `kid`s takes no more memory than this many.
const MOST: usize = 1024;

/// A `kid` that stays unknown is asked for ever more rarely, but not more rarely than this many cool-downs.
const LONGEST: u32 = 32;

/// Remembers a `kid` for one cool-down at first, so that a key that the realm shows a moment late is found soon; then
/// twice as long each time.
pub(super) struct UnknownKids {
    kids: HashMap<Box<str>, Unknown, ahash::RandomState>,
    first: Duration,
}

struct Unknown {
    times: u32,
    until: Instant,
    /// When the next time it is unknown no longer counts as one more.
    forgotten: Instant,
}

impl UnknownKids {
    pub(super) fn new(first: Duration) -> Self {
        Self { kids: HashMap::default(), first }
    }

    pub(super) fn contains(&self, kid: &str, now: Instant) -> bool {
        self.kids.get(kid).is_some_and(|unknown| now < unknown.until)
    }

    pub(super) fn remember(&mut self, kid: &str, now: Instant) {
        if self.kids.len() >= MOST && !self.kids.contains_key(kid) {
            self.kids.retain(|_, unknown| now < unknown.forgotten);
            if self.kids.len() >= MOST {
                // The cool-down alone must do.
                return;
            }
        }
        let before = self.kids.get(kid).filter(|unknown| now < unknown.forgotten);
        let times = before.map_or(1, |unknown| unknown.times.saturating_mul(2).min(LONGEST));
        let wait = self.first.saturating_mul(times);
        let (Some(until), Some(forgotten)) = (now.checked_add(wait), now.checked_add(wait.saturating_mul(2)))
        else {
            return;
        };
        self.kids.insert(kid.into(), Unknown { times, until, forgotten });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kids.len()
    }
}

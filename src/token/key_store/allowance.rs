//! How often an unknown `kid` may make the store fetch.

use std::time::Duration;

use tokio::time::Instant;

/// Fetches in a row: keys may be changed twice within a cool-down, or once right after a made-up `kid`.
const IN_A_ROW: u32 = 2;

/// The longest cool-down that is told apart from none ever.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Two fetches at once, and one more for every cool-down that has passed: a flood of made-up `kid`s cannot cause more.
#[derive(Debug)]
pub(super) struct Allowance {
    cool_down: Duration,
    /// When everything taken so far has been made up for; `None`: nothing was.
    whole_at: Option<Instant>,
}

impl Allowance {
    pub(super) fn new(cool_down: Duration) -> Self {
        Self { cool_down: cool_down.min(LONGEST), whole_at: None }
    }

    /// Takes a fetch, if one is left.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let from = self.whole_at.map_or(now, |at| at.max(now));
        let taken = from.saturating_duration_since(now);
        if taken > self.cool_down.saturating_mul(IN_A_ROW - 1) {
            return false;
        }
        self.whole_at = from.checked_add(self.cool_down);
        true
    }

    /// What was taken so far does not count.
    pub(super) fn refill(&mut self) {
        self.whole_at = None;
    }
}

#[cfg(test)]
mod tests;

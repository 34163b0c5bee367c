//! Numbers that many threads add to and few read: one part a thread, added up when read.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// More threads than this share parts, which costs time and loses nothing.
const SHARDS: usize = 16;

thread_local! {
    static SHARD: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Relaxed) % SHARDS
    };
}

/// One `T` a thread, made when that thread first needs it.
#[derive(Debug)]
pub(super) struct Sharded<T> {
    shards: [OnceLock<Box<Line<T>>>; SHARDS],
}

impl<T: Default> Sharded<T> {
    pub(super) const fn new() -> Self {
        Self { shards: [const { OnceLock::new() }; SHARDS] }
    }

    /// This thread's part.
    pub(super) fn with(&self, add: impl FnOnce(&T)) {
        // A thread that is ending has no shard of its own any more.
        let shard = SHARD.try_with(|shard| *shard).unwrap_or_default();
        if let Some(shard) = self.shards.get(shard) {
            add(&shard.get_or_init(Box::default).0);
        }
    }

    /// The parts there are.
    pub(super) fn parts(&self) -> impl Iterator<Item = &T> {
        self.shards.iter().filter_map(OnceLock::get).map(|line| &line.0)
    }
}

/// Starts at a cache line that no other part uses (two lines, as processors fetch them in pairs).
#[derive(Debug, Default)]
#[repr(align(128))]
struct Line<T>(T);

/// A number that only grows.
#[derive(Debug)]
pub(super) struct Counter(Sharded<AtomicU64>);

impl Counter {
    pub(super) const fn new() -> Self {
        Self(Sharded::new())
    }

    pub(super) fn add(&self, number: u64) {
        self.0.with(|count| {
            count.fetch_add(number, Relaxed);
        });
    }

    pub(super) fn sum(&self) -> u64 {
        self.0.parts().map(|count| count.load(Relaxed)).fold(0, u64::wrapping_add)
    }
}

/// A fixed number of counts side by side.
#[derive(Debug)]
pub(super) struct Cells<const N: usize>([AtomicU64; N]);

impl<const N: usize> Cells<N> {
    /// Counts at `index`; one that is too large is counted in the last place.
    pub(super) fn add(&self, index: usize, number: u64) {
        if let Some(cell) = self.0.get(index.min(N.saturating_sub(1))) {
            cell.fetch_add(number, Relaxed);
        }
    }

    /// Adds these counts to `sums`.
    pub(super) fn add_to(&self, sums: &mut [u64; N]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(cell.load(Relaxed));
        }
    }
}

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

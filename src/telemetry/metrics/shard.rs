//! Numbers that many threads add to and few read: one part a thread, added up when read.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// So many threads have a part of their own.
const ALONE: usize = 48;
/// All others share these, which costs time and loses nothing.
const SHARED: usize = 16;
const SHARDS: usize = ALONE + SHARED;

/// Who adds to a part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Writers {
    /// This thread: nothing can come between its reading and its writing, which spares a locked instruction.
    One,
    /// Any.
    Many,
}

thread_local! {
    static SHARD: (usize, Writers) = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        place(NEXT.fetch_add(1, Relaxed))
    };
}

/// Where the thread with this number adds.
const fn place(thread: usize) -> (usize, Writers) {
    if thread < ALONE { (thread, Writers::One) } else { (ALONE + thread % SHARED, Writers::Many) }
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(super) struct Tally(AtomicU64);

impl Tally {
    /// `writers`: as [`Sharded::with`] gave it with the part that this is of.
    pub(super) fn add(&self, number: u64, writers: Writers) {
        match writers {
            Writers::One => self.0.store(self.get().wrapping_add(number), Relaxed),
            Writers::Many => _ = self.0.fetch_add(number, Relaxed),
        }
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
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

    /// This thread's part, and who else adds to it.
    pub(super) fn with(&self, add: impl FnOnce(&T, Writers)) {
        // A thread that is ending has no part of its own any more.
        let (shard, writers) = SHARD.try_with(|place| *place).unwrap_or(const { place(ALONE) });
        if let Some(shard) = self.shards.get(shard) {
            add(&shard.get_or_init(Box::default).0, writers);
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

/// A number that grows at any place of the program.
#[derive(Debug)]
pub(super) struct Counter(Sharded<Tally>);

impl Counter {
    pub(super) const fn new() -> Self {
        Self(Sharded::new())
    }

    pub(super) fn add(&self, number: u64) {
        self.0.with(|count, writers| count.add(number, writers));
    }

    pub(super) fn sum(&self) -> u64 {
        self.0.parts().map(Tally::get).fold(0, u64::wrapping_add)
    }
}

/// A fixed number of counts side by side.
#[derive(Debug)]
pub(super) struct Cells<const N: usize>([Tally; N]);

impl<const N: usize> Cells<N> {
    /// Counts one at `index`; one that is too large is counted in the last place.
    pub(super) fn count(&self, index: usize, writers: Writers) {
        if let Some(cell) = self.0.get(index.min(N.saturating_sub(1))) {
            cell.add(1, writers);
        }
    }

    /// Adds these counts to `sums`.
    pub(super) fn add_to(&self, sums: &mut [u64; N]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(cell.get());
        }
    }
}

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Tally::default()))
    }
}

#[cfg(test)]
mod tests;

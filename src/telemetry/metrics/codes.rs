//! Label values that are codes of ours, numbered in the order in which they come up.

use std::sync::OnceLock;

/// What is counted under when the table is full, which would be a defect: codes are few.
const OTHER: Pair = ("other", "other");

type Pair = (&'static str, &'static str);

/// Up to `N - 1` pairs of codes; the last number stands for all others. Looked up without a lock or a hash.
#[derive(Debug)]
pub(super) struct Codes<const N: usize> {
    slots: [OnceLock<Pair>; N],
}

impl<const N: usize> Codes<N> {
    pub(super) const fn new() -> Self {
        Self { slots: [const { OnceLock::new() }; N] }
    }

    /// The number of a pair; the frequent ones come up early and are found first.
    pub(super) fn number(&self, first: &'static str, second: &'static str) -> usize {
        let pair = (first, second);
        let last = N.saturating_sub(1);
        let found = self.slots.iter().take(last).position(|slot| *slot.get_or_init(|| pair) == pair);
        found.unwrap_or(last)
    }

    /// Values in the order of the numbers, each with its codes.
    pub(super) fn named<T>(&self, values: [T; N]) -> impl Iterator<Item = (&'static str, &'static str, T)> {
        self.slots.iter().zip(values).map(|(slot, value)| {
            let (first, second) = *slot.get().unwrap_or(&OTHER);
            (first, second, value)
        })
    }
}

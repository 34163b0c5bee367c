//! How long things took, in fixed buckets.

use std::time::Duration;

use super::shard::{Cells, Tally, Writers};

/// Upper bounds in microseconds: half a millisecond, where a proxied request on a local network ends, to 10 s.
const BOUNDS: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
];

const BUCKETS: usize = BOUNDS.len() + 1;

/// Durations, counted.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    buckets: Cells<BUCKETS>,
    nanoseconds: Tally,
}

impl Histogram {
    pub(super) fn observe(&self, duration: Duration, writers: Writers) {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        // Most requests end in one of the first buckets.
        let bucket = BOUNDS.iter().position(|bound| nanoseconds <= bound * 1_000).unwrap_or(BOUNDS.len());
        self.buckets.count(bucket, writers);
        self.nanoseconds.add(nanoseconds, writers);
    }
}

/// Histograms added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Distribution {
    counts: [u64; BUCKETS],
    nanoseconds: u64,
}

impl Distribution {
    pub(super) fn add(&mut self, histogram: &Histogram) {
        histogram.buckets.add_to(&mut self.counts);
        self.nanoseconds = self.nanoseconds.wrapping_add(histogram.nanoseconds.get());
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.wrapping_add(more);
        }
        self.nanoseconds = self.nanoseconds.wrapping_add(other.nanoseconds);
    }

    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Of all durations, in seconds.
    pub(super) fn sum(&self) -> f64 {
        self.nanoseconds as f64 / 1e9
    }

    /// Upper bound in seconds, and how many fell between it and the one before.
    pub(super) fn buckets(&self) -> Vec<(f64, u64)> {
        let bounds = BOUNDS.iter().map(|bound| *bound as f64 / 1e6).chain([f64::INFINITY]);
        bounds.zip(self.counts).collect()
    }
}

//! The counters of one route and upstream.

use std::time::Duration;

use super::codes::Codes;
use super::histogram::{Distribution, Histogram};
use super::shard::{Cells, Sharded};

/// The first status that is counted by itself.
const FIRST: u16 = 100;
/// 100 to 599, and one place for what is none of them.
const STATUSES: usize = 501;
const DECISIONS: usize = 32;

/// The counters of one route.
#[derive(Debug)]
pub struct RouteMetrics {
    route: Box<str>,
    upstream: Box<str>,
    decisions: Codes<DECISIONS>,
    shards: Sharded<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    statuses: Cells<STATUSES>,
    latency: Histogram,
    decisions: Cells<DECISIONS>,
}

impl RouteMetrics {
    pub(super) fn new(route: &str, upstream: &str) -> Self {
        Self {
            route: route.into(),
            upstream: upstream.into(),
            decisions: Codes::new(),
            shards: Sharded::new(),
        }
    }

    /// A request has been answered (its head is on the way): `gatecloak_requests_total{route,code,upstream}` and
    /// `gatecloak_request_duration_seconds{route}`.
    pub fn request(&self, status: u16, duration: Duration) {
        let index = status.checked_sub(FIRST).map_or(usize::MAX, usize::from);
        self.shards.with(|shard, writers| {
            shard.statuses.count(index, writers);
            shard.latency.observe(duration, writers);
        });
    }

    /// `gatecloak_decisions_total{route,result,source}`.
    pub fn decision(&self, result: &'static str, source: &'static str) {
        let number = self.decisions.number(result, source);
        self.shards.with(|shard, writers| shard.decisions.count(number, writers));
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let mut statuses = [0; STATUSES];
        let mut latency = Distribution::default();
        let mut decisions = [0; DECISIONS];
        for shard in self.shards.parts() {
            shard.statuses.add_to(&mut statuses);
            latency.add(&shard.latency);
            shard.decisions.add_to(&mut decisions);
        }
        Snapshot {
            route: self.route.clone(),
            upstream: self.upstream.clone(),
            statuses,
            latency,
            decisions: self.decisions.named(decisions).filter(|(_, _, count)| *count > 0).collect(),
        }
    }
}

/// The counters of one route, added up.
pub(super) struct Snapshot {
    pub(super) route: Box<str>,
    pub(super) upstream: Box<str>,
    pub(super) latency: Distribution,
    pub(super) decisions: Vec<(&'static str, &'static str, u64)>,
    statuses: [u64; STATUSES],
}

impl Snapshot {
    /// The statuses that occurred, as label values.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (String, u64)> {
        let names = (FIRST..600).map(|status| status.to_string()).chain(["other".to_owned()]);
        names.zip(self.statuses).filter(|(_, count)| *count > 0)
    }
}

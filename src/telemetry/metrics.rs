//! Counters, sharded by worker thread and added up when scraped.
//!
//! Counting takes no lock and no hash: a route's counters are found once, when the route is compiled, and label values
//! that are codes sit in small tables without locks. What the labels can be is bounded by the configuration.

mod codes;
mod encode;
mod histogram;
mod process;
mod route;
mod shard;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use codes::Codes;
use histogram::Histogram;
use shard::{Cells, Counter, Sharded};

pub use route::RouteMetrics;

const IDP_CODES: usize = 32;

/// The process's metrics.
#[derive(Debug)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(String, String), Arc<RouteMetrics>>>,
    verifications: Coded<64>,
    caches: Coded<32>,
    decision_verifications: Coded<8>,
    idp_codes: Codes<IDP_CODES>,
    idp_latencies: Sharded<[Histogram; IDP_CODES]>,
    opened: Counter,
    closed: Counter,
    panics: Counter,
    access_log_dropped: Counter,
    log_dropped: Counter,
    drift: AtomicU64,
    drift_check_failures: Counter,
    reload_ok: AtomicBool,
    /// Seconds since 1970.
    started: f64,
}

/// The process's metrics. Labels are names from the configuration and codes of ours, never what a client sends.
pub fn metrics() -> &'static Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(Metrics::new)
}

impl Metrics {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let verifications = Coded::new();
        // On the way of every warm request, so found first.
        verifications.codes.number("ok", "memo");
        Self {
            routes: Mutex::default(),
            verifications,
            caches: Coded::new(),
            decision_verifications: Coded::new(),
            idp_codes: Codes::new(),
            idp_latencies: Sharded::new(),
            opened: Counter::new(),
            closed: Counter::new(),
            panics: Counter::new(),
            access_log_dropped: Counter::new(),
            log_dropped: Counter::new(),
            drift: AtomicU64::new(0),
            drift_check_failures: Counter::new(),
            reload_ok: AtomicBool::new(true),
            started: now.as_secs_f64(),
        }
    }

    /// The counters of one route and its upstream, found once when the route is compiled and kept: counting a request
    /// then costs no look-up. The same names give the same counters, also after a reload. Empty names stand for none.
    pub fn route(&'static self, route: &str, upstream: &str) -> Arc<RouteMetrics> {
        let key = (route.to_owned(), upstream.to_owned());
        let mut routes = self.routes.lock();
        let metrics = routes.entry(key).or_insert_with(|| Arc::new(RouteMetrics::new(route, upstream)));
        Arc::clone(metrics)
    }

    /// `gatecloak_token_verifications_total{result,source}`; result `ok` or a code; source `memo`, `cache`, `signature`,
    /// `introspection`.
    pub fn verification(&self, result: &'static str, source: &'static str) {
        self.verifications.count(result, source);
    }

    /// `gatecloak_idp_request_duration_seconds{operation,result}`; result `ok` or `error`.
    pub fn idp_request(&self, operation: &'static str, ok: bool, duration: Duration) {
        let number = self.idp_codes.number(operation, if ok { "ok" } else { "error" });
        self.idp_latencies.with(|histograms, writers| {
            if let Some(histogram) = histograms.get(number) {
                histogram.observe(duration, writers);
            }
        });
    }

    /// `gatecloak_cache_requests_total{cache,result}`; result `hit` or `miss`.
    pub fn cache(&self, cache: &'static str, hit: bool) {
        self.caches.count(cache, if hit { "hit" } else { "miss" });
    }

    /// `gatecloak_decision_verifications_total{result}`; result `same`, `different` or `failed`.
    pub fn decision_verification(&self, result: &'static str) {
        self.decision_verifications.count(result, "");
    }

    /// `gatecloak_config_last_reload_ok`.
    pub fn reloaded(&self, ok: bool) {
        self.reload_ok.store(ok, Relaxed);
    }

    /// `gatecloak_bootstrap_drift`: how many things in Keycloak were not as wanted at the last look.
    pub fn drift(&self, things: u64) {
        self.drift.store(things, Relaxed);
    }

    /// `gatecloak_bootstrap_check_failures_total`.
    pub fn drift_check_failed(&self) {
        self.drift_check_failures.add(1);
    }

    /// `gatecloak_access_log_dropped_total`.
    pub fn access_log_dropped(&self) {
        self.access_log_dropped.add(1);
    }

    pub(super) fn log_dropped(&self) {
        self.log_dropped.add(1);
    }

    /// `gatecloak_panics_total`.
    pub fn panicked(&self) {
        self.panics.add(1);
    }

    /// `gatecloak_connections` (a gauge): opened or closed.
    pub fn connection(&self, opened: bool) {
        let counter = if opened { &self.opened } else { &self.closed };
        counter.add(1);
    }

    /// The text of `/metrics` (OpenMetrics 1.0, `application/openmetrics-text`).
    pub fn encode(&'static self, readiness: Readiness) -> String {
        encode::encode(self, readiness)
    }
}

/// Whether requests can be judged: a state that a scrape finds, nothing that is counted.
#[derive(Clone, Debug, Default)]
pub struct Readiness {
    /// `gatecloak_ready`.
    pub ready: bool,
    /// `gatecloak_provider_ready{provider}`: the names of the providers, each with whether it has keys.
    pub providers: Vec<(String, bool)>,
}

/// A counter for each pair of codes.
#[derive(Debug)]
struct Coded<const N: usize> {
    codes: Codes<N>,
    cells: Sharded<Cells<N>>,
}

impl<const N: usize> Coded<N> {
    const fn new() -> Self {
        Self { codes: Codes::new(), cells: Sharded::new() }
    }

    fn count(&self, first: &'static str, second: &'static str) {
        let number = self.codes.number(first, second);
        self.cells.with(|cells, writers| cells.count(number, writers));
    }
}

#[cfg(test)]
mod tests;

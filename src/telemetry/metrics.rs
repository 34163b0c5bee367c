//! Counters, sharded by worker thread and added up when scraped.

use std::time::Duration;

/// The process's metrics.
#[derive(Debug)]
pub struct Metrics {
    _doors_only: (),
}

/// The process's metrics. Labels are names from the configuration and codes of ours, never what a client sends.
pub fn metrics() -> &'static Metrics {
    todo!()
}

#[expect(unused_variables, reason = "door")]
impl Metrics {
    /// The counters of one route and its upstream, found once when the route is compiled and kept: counting a request
    /// then costs no look-up. The same names give the same counters, also after a reload. Empty names stand for none.
    pub fn route(&'static self, route: &str, upstream: &str) -> std::sync::Arc<RouteMetrics> {
        todo!()
    }

    /// `gatecloak_token_verifications_total{result,source}`; result `ok` or a code; source `memo`, `cache`, `signature`,
    /// `introspection`.
    pub fn verification(&self, result: &'static str, source: &'static str) {
        todo!()
    }

    /// `gatecloak_idp_request_duration_seconds{operation,result}`.
    pub fn idp_request(&self, operation: &'static str, ok: bool, duration: Duration) {
        todo!()
    }

    /// `gatecloak_cache_requests_total{cache,result}`; result `hit` or `miss`.
    pub fn cache(&self, cache: &'static str, hit: bool) {
        todo!()
    }

    /// `gatecloak_config_last_reload_ok`.
    pub fn reloaded(&self, ok: bool) {
        todo!()
    }

    /// `gatecloak_access_log_dropped_total`.
    pub fn access_log_dropped(&self) {
        todo!()
    }

    /// `gatecloak_panics_total`.
    pub fn panicked(&self) {
        todo!()
    }

    /// `gatecloak_connections` (a gauge): opened or closed.
    pub fn connection(&self, opened: bool) {
        todo!()
    }

    /// The text of `/metrics` (OpenMetrics).
    pub fn encode(&self) -> String {
        todo!()
    }
}

/// The counters of one route.
#[derive(Debug)]
pub struct RouteMetrics {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl RouteMetrics {
    /// A request has been answered (its head is on the way): `gatecloak_requests_total{route,code,upstream}` and
    /// `gatecloak_request_duration_seconds{route}`.
    pub fn request(&self, status: u16, duration: Duration) {
        todo!()
    }

    /// `gatecloak_decisions_total{route,result,source}`.
    pub fn decision(&self, result: &'static str, source: &'static str) {
        todo!()
    }
}

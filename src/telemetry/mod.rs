//! Logs and metrics. Knows no other room's types, only names and numbers.

mod access;
mod log;
mod metrics;
mod queue;

pub use access::{AccessLog, AccessRecord};
pub use log::{flush_log, init};
pub use metrics::{Metrics, Readiness, RouteMetrics, metrics};

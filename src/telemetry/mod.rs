//! Logs and metrics. Knows no other room's types, only names and numbers.

mod access;
mod log;
mod metrics;

pub use access::{AccessLog, AccessRecord};
pub use log::init;
pub use metrics::{Metrics, RouteMetrics, metrics};

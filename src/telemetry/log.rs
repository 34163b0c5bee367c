//! The log of the process itself: `tracing` to standard error.

use crate::config::TelemetryConfig;

/// Starts the log; the first call wins. An error if `level` is not a filter.
pub fn init(config: &TelemetryConfig) -> Result<(), String> {
    let _ = config;
    todo!()
}

//! The log of the process itself: `tracing` to standard error.

use std::io;
use std::panic::PanicHookInfo;
use std::sync::OnceLock;
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

use super::metrics::metrics;
use super::queue::{Queue, StandardStream};
use crate::config::{LogFormat, TelemetryConfig};

static LINES: OnceLock<Queue<Vec<u8>>> = OnceLock::new();

/// Starts the log; the first call wins. An error if `level` is not a filter.
///
/// A line is queued and written by a thread of its own: whoever logs never waits for a slow reader of standard error,
/// and one that has gone costs lines, which are counted. [`flush_log`] before the process ends.
pub fn init(config: &TelemetryConfig) -> Result<(), String> {
    let filter = EnvFilter::builder()
        .parse(&config.level)
        .map_err(|error| format!("`{}` is not a log filter: {error}", config.level))?;
    if LINES.get().is_some() {
        return Ok(());
    }
    // Made now, as they hold the time of the process's start.
    metrics();
    let dropped = || metrics().log_dropped();
    let queue = Queue::start("log", Box::new(StandardStream::Error), dropped)
        .map_err(|error| format!("the thread of the log does not start: {error}"))?;
    let queue = LINES.get_or_init(|| queue);
    // Errors of the writer must not be printed to standard error: that would panic where it is closed.
    let log = fmt::Subscriber::builder()
        .with_env_filter(filter)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(ToQueue(queue));
    // An error means that there is a log already: the first one wins.
    let _ = match config.format {
        LogFormat::Json => tracing::subscriber::set_global_default(log.json().flatten_event(true).finish()),
        LogFormat::Text => tracing::subscriber::set_global_default(log.finish()),
    };
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// In place of the text that is written to standard error by whoever panics, who would wait for a slow reader.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    tracing::error!(panic.location = location, "panic: {}", panic.payload_as_str().unwrap_or("no message"));
}

/// Waits until the lines logged so far are written; a second at most.
pub fn flush_log() {
    if let Some(queue) = LINES.get() {
        // The process is about to end: what is not written by then is lost.
        let _ = queue.flush(Duration::from_secs(1));
    }
}

struct ToQueue(&'static Queue<Vec<u8>>);

impl MakeWriter<'_> for ToQueue {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self(self.0)
    }
}

impl io::Write for ToQueue {
    /// One event, whole: the formatter writes each at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.send(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

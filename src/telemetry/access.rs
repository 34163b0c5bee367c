//! The access log: one JSON line a request, when it has ended.

mod line;
use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::metrics::metrics;
use super::queue::{FileSink, Queue, Sink, StandardStream};
use crate::config::AccessLogConfig;

/// What one line says. Times in milliseconds, sizes in bytes.
#[derive(Clone, Debug)]
pub struct AccessRecord {
    /// When the request's head was complete.
    pub time: SystemTime,
    /// The request's id; also the decision id in a refusal's answer.
    pub id: String,
    /// The client's address, by the trusted-proxy rule.
    pub client: std::net::IpAddr,
    /// `GET`.
    pub method: http::Method,
    /// The authority asked for.
    pub host: String,
    /// Path and query as received; `None` if the configuration leaves it out.
    pub path: Option<String>,
    /// `HTTP/1.1`.
    pub version: http::Version,
    /// The status of the answer.
    pub status: u16,
    /// The route's name, if one matched.
    pub route: Option<std::sync::Arc<str>>,
    /// The upstream's name, if it was asked.
    pub upstream: Option<std::sync::Arc<str>>,
    /// `granted`, `refused`, `public`, ...
    pub decision: &'static str,
    /// Who decided: `claims`, `keycloak`, ...
    pub source: &'static str,
    /// Why Keycloak had to be asked, where the settings could have decided.
    pub remote_reason: Option<String>,
    /// The code of a refusal or of a forwarding error; empty if there is none.
    pub code: &'static str,
    /// The refusal's text for the operator; empty if there is none.
    pub reason: Cow<'static, str>,
    /// How the authorization settings came to a refusal; empty if they did not.
    pub explanation: String,
    /// The token's subject; `None` without a token, or if the configuration leaves it out.
    pub subject: Option<String>,
    /// The client the token was issued to.
    pub authorized_party: Option<String>,
    /// The provider's name.
    pub provider: Option<String>,
    /// Until the head of the answer.
    pub head_after: Duration,
    /// Until the end of the answer.
    pub end_after: Duration,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// The answer broke off.
    pub aborted: bool,
}

/// Writes the lines from a bounded queue on a thread of its own: a slow or full sink costs lines, which are counted, and
/// never a request.
#[derive(Clone, Debug)]
pub struct AccessLog {
    queue: Queue<AccessRecord>,
}

impl AccessLog {
    /// Starts the writer; `None` if it is switched off. A relative path starts at `folder`. An error if the file cannot be
    /// opened.
    pub fn start(config: &AccessLogConfig, folder: &Path) -> io::Result<Option<Self>> {
        if !config.enabled {
            return Ok(None);
        }
        let sink: Box<dyn Sink> = match &config.file {
            Some(file) => Box::new(FileSink::open(folder.join(file))?),
            None => Box::new(StandardStream::Output),
        };
        let queue = Queue::start("access-log", sink, || metrics().access_log_dropped())?;
        Ok(Some(Self { queue }))
    }

    /// Queues a line; drops and counts it if the queue is full.
    pub fn write(&self, record: AccessRecord) {
        self.queue.send(record);
    }

    /// Opens the file again (log rotation); the old one stays in use if that fails.
    pub fn reopen(&self) {
        self.queue.reopen();
    }

    /// Waits until the lines so far are written, at most this long. Whether they were.
    pub fn flush(&self, at_most: Duration) -> bool {
        self.queue.flush(at_most).is_ok()
    }
}

#[cfg(test)]
mod tests;

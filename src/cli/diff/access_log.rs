//! Requests to compare by: from an access log, or made up.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use serde::Deserialize;

use crate::config::file_error;

/// The longest line that is read.
const MOST_BYTES: u64 = 1024 * 1024;

/// The most distinct requests that are compared.
const MOST_REQUESTS: usize = 100_000;

/// Requests, each once, in order.
#[derive(Debug, Default)]
pub(super) struct Requests {
    requests: BTreeSet<String>,
    /// Lines that tell no request: other JSON, or a log without paths.
    unread: usize,
    /// There were more.
    cut: bool,
}

/// What is read of a line; the rest has no part in a decision.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "http.method")]
    method: String,
    #[serde(rename = "http.host", default)]
    host: String,
    #[serde(rename = "http.path")]
    path: String,
}

impl Requests {
    pub(super) fn of(requests: BTreeSet<String>) -> Self {
        Self { requests, ..Self::default() }
    }

    /// Reads a log of the gateway's: JSON, one line a request.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let cannot =
            |error: std::io::Error| format!("`{}` cannot be read: {}", path.display(), file_error(&error));
        let mut input = BufReader::new(File::open(path).map_err(cannot)?);
        let mut requests = Self::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            if input.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line).map_err(cannot)? == 0 {
                return Ok(requests);
            }
            requests.add(&line);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.requests.iter().map(String::as_str)
    }

    /// What a reader of the result must know; empty, if nothing.
    pub(super) fn remarks(&self) -> String {
        let mut remarks = String::new();
        if self.unread > 0 {
            remarks += &format!("{} lines of the log tell no request, and are left out\n", self.unread);
        }
        if self.cut {
            remarks += &format!("only the first {MOST_REQUESTS} distinct requests are compared\n");
        }
        remarks
    }

    fn add(&mut self, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let request = serde_json::from_slice::<Line>(line).ok().and_then(|line| line.request());
        match request {
            None => self.unread += 1,
            Some(request) if self.requests.contains(&request) => {}
            Some(_) if self.requests.len() >= MOST_REQUESTS => self.cut = true,
            Some(request) => {
                self.requests.insert(request);
            }
        }
    }
}

impl Line {
    /// As a probe takes it. The query has no part in a decision.
    fn request(self) -> Option<String> {
        let path = self.path.split('?').next().filter(|path| path.starts_with('/'))?;
        Some(match self.host.as_str() {
            "" => format!("{} {path}", self.method),
            host => format!("{} http://{host}{path}", self.method),
        })
    }
}

#[cfg(test)]
mod tests;

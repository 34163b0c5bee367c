//! Another configuration for a running gateway: all of it, or nothing.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::tls::{self, Tls};
use crate::config::{self, Config, LoadError, Loaded, Problem};
use crate::gateway::Gateway;
use crate::telemetry::{AccessLog, metrics};

/// Where the configuration is read again.
#[derive(Clone, Debug)]
pub struct ReloadSource {
    /// The file.
    pub file: PathBuf,
    /// `key=value` from flags, which go on top again.
    pub overrides: Vec<(String, String)>,
}

/// What a reload changes.
pub(super) struct Reloader {
    pub(super) source: Option<ReloadSource>,
    pub(super) current: Arc<ArcSwap<Gateway>>,
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) access_log: Option<AccessLog>,
    pub(super) control: Handle,
    /// The configuration in use; held for the time of a reload, so that there is one at a time.
    pub(super) config: Mutex<Config>,
}

impl Reloader {
    /// Loads, compiles and swaps; opens the access log again in any case. On error everything stays as it was. The outcome
    /// is logged here.
    pub(super) fn reload(&self) -> Result<(), LoadError> {
        if let Some(log) = &self.access_log {
            log.reopen();
        }
        let Some(source) = &self.source else { return Ok(()) };
        let loaded = config::load_with(&source.file, &source.overrides, Gateway::problems_of);
        let result = loaded.and_then(|loaded| self.apply(loaded));
        metrics().reloaded(result.is_ok());
        match &result {
            Ok(()) => tracing::info!(config.file = %source.file.display(), "configuration reloaded"),
            Err(error) => {
                for problem in &error.problems {
                    tracing::error!(
                        config.file = %error.file.display(),
                        config.key = problem.key,
                        config.hint = problem.hint,
                        "the old configuration stays: {}",
                        problem.message
                    );
                }
            }
        }
        result
    }

    fn apply(&self, mut loaded: Loaded) -> Result<(), LoadError> {
        let mut config = self.config.lock();
        if loaded.config.routes.is_empty() && !config.routes.is_empty() {
            let problem =
                Problem::new("routes", "there is no route any more, as if the file were not yet written");
            return Err(loaded.refuse(vec![problem.hint("to serve nothing, stop the gateway")]));
        }
        for key in keep_what_needs_a_restart(&config, &mut loaded.config) {
            tracing::warn!(
                config.key = key,
                "`{key}` has changed, which needs a restart; the old value stays"
            );
        }
        let folder = loaded.folder().to_owned();
        let previous = self.current.load_full();
        let _control = self.control.enter();
        let gateway = Gateway::compile(&loaded.config, &folder, &self.control, Some(&previous));
        let certificate = match (&self.tls, &loaded.config.listener.tls) {
            (Some(tls), Some(files)) => tls::load(files, &folder).map(|settings| Some((tls, settings))),
            _ => Ok(None),
        };
        let (gateway, certificate) = match (gateway, certificate) {
            (Ok(gateway), Ok(certificate)) => (gateway, certificate),
            (gateway, certificate) => {
                let problems = [gateway.err(), certificate.err()].into_iter().flatten().flatten().collect();
                return Err(loaded.refuse(problems));
            }
        };
        log_warnings(&gateway.warnings());
        gateway.start();
        self.current.store(Arc::new(gateway));
        if let Some((tls, settings)) = certificate {
            tls.replace(settings);
        }
        *config = loaded.config;
        Ok(())
    }
}

pub(super) fn log_warnings(warnings: &[Problem]) {
    for warning in warnings {
        tracing::warn!(config.key = warning.key, config.hint = warning.hint, "{}", warning.message);
    }
}

/// Sockets, threads and connections keep what they were made with. Puts the old values back and names those that differ.
fn keep_what_needs_a_restart(old: &Config, new: &mut Config) -> Vec<&'static str> {
    let mut keys = Vec::new();
    let mut keep = |key, changed| {
        if changed {
            keys.push(key);
        }
    };
    let (was, now) = (&old.listener, &mut new.listener);
    keep("listener.address", replace(&mut now.address, was.address));
    keep("listener.workers", replace(&mut now.workers, was.workers));
    if was.tls.is_some() != now.tls.is_some() {
        now.tls.clone_from(&was.tls);
        keep("listener.tls", true);
    }
    let (was, now) = (&was.limits, &mut now.limits);
    keep("listener.limits.connections", replace(&mut now.connections, was.connections));
    keep("listener.limits.header_timeout", replace(&mut now.header_timeout, was.header_timeout));
    keep("listener.limits.idle_timeout", replace(&mut now.idle_timeout, was.idle_timeout));
    keep("listener.limits.handshake_timeout", replace(&mut now.handshake_timeout, was.handshake_timeout));
    keep("listener.limits.head_bytes", replace(&mut now.head_bytes, was.head_bytes));
    keep("listener.limits.headers", replace(&mut now.headers, was.headers));
    keep("listener.limits.http2_streams", replace(&mut now.http2_streams, was.http2_streams));
    keep("ops.enabled", replace(&mut new.ops.enabled, old.ops.enabled));
    keep("ops.address", replace(&mut new.ops.address, old.ops.address));
    let (was, now) = (&old.telemetry, &mut new.telemetry);
    keep("telemetry.level", replace(&mut now.level, was.level.clone()));
    keep("telemetry.format", replace(&mut now.format, was.format));
    keep("telemetry.access_log.enabled", replace(&mut now.access_log.enabled, was.access_log.enabled));
    keep("telemetry.access_log.file", replace(&mut now.access_log.file, was.access_log.file.clone()));
    keys
}

/// Whether that changed it.
fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let changed = *place != value;
    *place = value;
    changed
}

#[cfg(test)]
mod tests;

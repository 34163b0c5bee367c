//! A running gateway.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::limits;
use super::listener::bind;
use super::ops::{Ops, Status};
use super::reload::{ReloadSource, Reloader, log_warnings};
use super::site::{Site, Until};
use super::tls::{self, Tls};
use super::watch::Watch;
use super::worker::Worker;
use crate::config::{Config, LoadError, Loaded, Problem};
use crate::gateway::{Gateway, Pipeline};
use crate::telemetry::AccessLog;

/// How long the last lines of the access log may take.
const LAST_LINES: Duration = Duration::from_secs(1);

/// A running gateway: its listeners are bound and accept. Dropping it ends it without a drain.
#[derive(Debug)]
pub struct Running {
    /// Where requests come in (the port chosen, if 0 was asked for).
    pub address: SocketAddr,
    /// The ops listener, if there is one.
    pub ops_address: Option<SocketAddr>,
    house: Option<House>,
}

impl Running {
    /// Loads the file again and swaps to it, all or nothing: on error the old configuration stays. The outcome is logged.
    pub fn reload(&self) -> Result<(), LoadError> {
        self.house.as_ref().map_or(Ok(()), |house| house.reloader.reload())
    }

    /// Stops accepting, lets requests in flight go on for the drain time, then returns.
    pub fn stop(mut self) {
        if let Some(house) = self.house.take() {
            let drain = house.reloader.config.lock().listener.drain.get();
            house.end(drain);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(house) = self.house.take() {
            house.end(Duration::ZERO);
        }
    }
}

/// All that runs.
struct House {
    reloader: Arc<Reloader>,
    watch: Option<Watch>,
    workers: Vec<Worker>,
    draining: Arc<AtomicBool>,
    until: watch::Sender<Option<Instant>>,
    /// The ops listener ends with its sender.
    _ops: Option<watch::Sender<Option<Instant>>>,
    control: Control,
}

/// The control runtime. Ends without waiting, so that it can be dropped anywhere, also inside another runtime.
struct Control(Option<Runtime>);

impl Control {
    fn start() -> std::io::Result<(Self, Handle)> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("control")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        Ok((Self(Some(runtime)), handle))
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl House {
    fn end(self, drain: Duration) {
        drop(self.watch);
        self.draining.store(true, Relaxed);
        self.until.send_replace(Some(Instant::now() + drain));
        for worker in self.workers {
            worker.join();
        }
        if let Some(log) = &self.reloader.access_log
            && !log.flush(LAST_LINES)
        {
            tracing::warn!("the last lines of the access log are not written");
        }
        drop(self.control);
    }
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("House").field("workers", &self.workers.len()).finish_non_exhaustive()
    }
}

/// Starts a gateway on threads of its own and returns when it accepts; does not wait for any realm. `watch` follows
/// changes of the files. Signals are `cli::serve`'s matter.
pub fn start(loaded: Loaded, reload_from: Option<PathBuf>, watch: bool) -> Result<Running, LoadError> {
    let source = reload_from.map(|file| ReloadSource { file, overrides: Vec::new() });
    start_from(loaded, source, watch)
}

/// As [`start`], with the overrides that a reload puts on top again.
pub fn start_from(loaded: Loaded, source: Option<ReloadSource>, watch: bool) -> Result<Running, LoadError> {
    build(&loaded, source, watch).map_err(|problems| loaded.refuse(problems))
}

fn build(loaded: &Loaded, source: Option<ReloadSource>, watch: bool) -> Result<Running, Vec<Problem>> {
    let (config, folder) = (&loaded.config, loaded.folder());
    let (control, handle) =
        Control::start().map_err(|error| one("", format!("the control thread does not start: {error}")))?;
    let _entered = handle.enter();

    let gateway = Gateway::compile(config, folder, &handle, None);
    let certificate = config.listener.tls.as_ref().map(|files| tls::load(files, folder)).transpose();
    let limits = limits::check(&config.listener.limits);
    let (gateway, certificate) = match (gateway, certificate, limits) {
        (Ok(gateway), Ok(certificate), Ok(())) => (gateway, certificate),
        (gateway, certificate, limits) => {
            let problems = [gateway.err(), certificate.err(), limits.err()];
            return Err(problems.into_iter().flatten().flatten().collect());
        }
    };
    log_warnings(&gateway.warnings());

    let access_log = AccessLog::start(&config.telemetry.access_log, folder).map_err(|error| {
        one("telemetry.access_log.file", format!("the access log does not open: {error}"))
    })?;
    let current = Arc::new(ArcSwap::from_pointee(gateway));
    let tls = certificate.map(|settings| Arc::new(Tls::new(settings)));
    let draining = Arc::<AtomicBool>::default();
    let (until, begins) = watch::channel(None);

    let status = Status { current: Arc::clone(&current), draining: Arc::clone(&draining) };
    let (ops_address, ops) = start_ops(config, status, &handle)?.unzip();
    let parts = Parts { config, current: &current, tls: &tls, access_log: &access_log };
    let (address, workers) = parts.start_workers(&begins)?;
    current.load().start();

    let reloader = Arc::new(Reloader {
        source,
        current,
        tls,
        access_log,
        control: handle.clone(),
        config: Mutex::new(config.clone()),
    });
    let watch = if watch { start_watch(&reloader) } else { None };
    let house = House { reloader, watch, workers, draining, until, _ops: ops, control };
    Ok(Running { address, ops_address, house: Some(house) })
}

/// What workers are made of.
struct Parts<'a> {
    config: &'a Config,
    current: &'a Arc<ArcSwap<Gateway>>,
    tls: &'a Option<Arc<Tls>>,
    access_log: &'a Option<AccessLog>,
}

impl Parts<'_> {
    fn start_workers(&self, until: &Until) -> Result<(SocketAddr, Vec<Worker>), Vec<Problem>> {
        let listener = &self.config.listener;
        let count = match listener.workers {
            0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            count => count,
        };
        let (address, sockets) = bind("listener.address", listener.address, count)?;
        let budget = Arc::new(Semaphore::new(listener.limits.connections.min(Semaphore::MAX_PERMITS)));
        let start = |(number, socket)| {
            let pipeline = Pipeline::new(Arc::clone(self.current), self.access_log.clone());
            let site = Site::new(pipeline, &listener.limits, self.tls.clone(), Arc::clone(&budget), true);
            Worker::start(number, site, socket, until.clone())
        };
        let workers: std::io::Result<Vec<_>> = sockets.into_iter().enumerate().map(start).collect();
        let workers =
            workers.map_err(|error| one("listener.workers", format!("a worker does not start: {error}")))?;
        Ok((address, workers))
    }
}

type Started = (SocketAddr, watch::Sender<Option<Instant>>);

fn start_ops(config: &Config, status: Status, control: &Handle) -> Result<Option<Started>, Vec<Problem>> {
    if !config.ops.enabled {
        return Ok(None);
    }
    let (address, sockets) = bind("ops.address", config.ops.address, 1)?;
    let limits = Ops::limits();
    let (sender, until) = watch::channel(None);
    for socket in sockets {
        let listener = tokio::net::TcpListener::from_std(socket)
            .map_err(|error| one("ops.address", format!("cannot listen on `{address}`: {error}")))?;
        let budget = Arc::new(Semaphore::new(limits.connections));
        let site = Site::new(Ops::new(status.clone()), &limits, None, budget, false);
        control.spawn(site.serve(listener, until.clone()));
    }
    Ok(Some((address, sender)))
}

fn start_watch(reloader: &Arc<Reloader>) -> Option<Watch> {
    Watch::start(Arc::clone(reloader))
        .inspect_err(|error| tracing::warn!(%error, "changes of the files are not noticed, only signals"))
        .ok()
}

fn one(key: &str, message: String) -> Vec<Problem> {
    vec![Problem::new(key, message)]
}

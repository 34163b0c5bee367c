//! A thread that serves: its own runtime, its own listening socket.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;

use super::handler::Handler;
use super::site::{Site, Until};

/// A running worker.
#[derive(Debug)]
pub(super) struct Worker(JoinHandle<()>);

impl Worker {
    /// Starts a worker and returns when it accepts.
    pub(super) fn start<H: Handler>(
        number: usize,
        site: Arc<Site<H>>,
        listener: std::net::TcpListener,
        until: Until,
    ) -> io::Result<Self> {
        let (started, result) = sync_channel(1);
        let run = move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(started.send(Err(error))),
            };
            runtime.block_on(async move {
                match TcpListener::from_std(listener) {
                    Ok(listener) => {
                        // `start` waits for it.
                        let _ = started.send(Ok(()));
                        site.serve(listener, until).await;
                    }
                    Err(error) => drop(started.send(Err(error))),
                }
            });
            // Requests that are still in flight end here, and nothing that blocks is waited for.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name(format!("worker-{number}")).spawn(run)?;
        result.recv().unwrap_or_else(|_| Err(io::Error::other("the worker ended")))?;
        Ok(Self(thread))
    }

    /// Waits for its end.
    pub(super) fn join(self) {
        if self.0.join().is_err() {
            tracing::error!("a worker ended with a panic");
        }
    }
}

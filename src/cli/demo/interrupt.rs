//! The wish of a person, or of the system, that this ends.

use std::io;

use tokio::runtime::Runtime;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC, ctrl_c};

/// Ctrl-C and, where there is such a thing, SIGTERM: noticed from [`Interrupt::watch`] on.
#[derive(Debug)]
pub(in crate::cli) struct Interrupt {
    runtime: Runtime,
    #[cfg(unix)]
    signals: (Signal, Signal),
    #[cfg(windows)]
    signal: CtrlC,
}

impl Interrupt {
    /// From now on these signals no longer end the process by themselves.
    pub(in crate::cli) fn watch() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let guard = runtime.enter();
        #[cfg(unix)]
        let signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        #[cfg(windows)]
        let signal = ctrl_c()?;
        drop(guard);
        #[cfg(unix)]
        return Ok(Self { runtime, signals });
        #[cfg(windows)]
        return Ok(Self { runtime, signal });
    }

    /// Returns when the first of them comes, or at once if it has come already.
    pub(in crate::cli) fn wait(mut self) {
        self.runtime.block_on(async {
            #[cfg(unix)]
            tokio::select! {
                _ = self.signals.0.recv() => {}
                _ = self.signals.1.recv() => {}
            }
            #[cfg(windows)]
            let _ = self.signal.recv().await;
        });
    }
}

//! `gatecloak serve`: run the gateway.

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use super::{Source, Terminal, bootstrap, drift};
use crate::config::{LoadError, Problem};
use crate::server::{ReloadSource, Running, start_from};
use crate::telemetry;

/// Runs the gateway until SIGTERM or SIGINT.
///
/// SIGHUP reads the configuration again. The first SIGTERM or SIGINT lets requests in flight end, the second one ends the
/// process at once.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// What to run.
    #[command(flatten)]
    pub source: Source,
    /// Do not follow changes of the files; SIGHUP still reads them again
    #[arg(long)]
    pub no_watch: bool,
    /// First bring Keycloak to what the gateway needs, as `gatecloak bootstrap apply` does
    #[arg(long)]
    pub bootstrap: bool,
}

/// Exits with 0 after a clean stop, with 1 if the gateway could not start (with `--bootstrap` also with 3 if Keycloak does
/// not answer and 4 if it does not take the login), and as a shell reports the signal (130, 143) if
/// it was stopped twice.
pub(super) fn run(args: ServeArgs, terminal: Terminal) -> ExitCode {
    let code = serve(&args, terminal).unwrap_or_else(|error| {
        terminal.say(&format!("error: signals cannot be received: {error}"));
        ExitCode::FAILURE
    });
    telemetry::flush_log();
    code
}

fn serve(args: &ServeArgs, terminal: Terminal) -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before anything is started that a signal must not kill half way.
    let signals = {
        let _entered = runtime.enter();
        Signals::receive()?
    };
    if args.bootstrap
        && let Err(code) = bootstrapped(args, &runtime, terminal)
    {
        return Ok(code);
    }
    match start(args) {
        Ok((running, drift_check)) => {
            if !drift_check.is_zero() {
                runtime.spawn(drift::watch(args.source.clone(), drift_check));
            }
            runtime.block_on(until_stopped(running, signals))
        }
        Err(error) => Ok(terminal.refuse(&error)),
    }
}

/// Says what was done, or why it could not be; then gives the exit code.
fn bootstrapped(
    args: &ServeArgs,
    runtime: &tokio::runtime::Runtime,
    terminal: Terminal,
) -> Result<(), ExitCode> {
    let loaded = args.source.load().map_err(|error| terminal.refuse(&error))?;
    match runtime.block_on(bootstrap::bring_about(&loaded.config, loaded.folder())) {
        Ok(plan) => {
            plan.items.iter().filter(|item| item.is_due()).for_each(|item| terminal.say(&item.to_string()));
            Ok(())
        }
        Err(stop) => Err(stop.say(terminal)),
    }
}

/// The running gateway, and how often to look whether Keycloak is as wanted.
fn start(args: &ServeArgs) -> Result<(Running, Duration), LoadError> {
    let loaded = args.source.load()?;
    telemetry::init(&loaded.config.telemetry)
        .map_err(|message| loaded.refuse(vec![Problem::new("telemetry.level", message)]))?;
    let drift_check = loaded.config.bootstrap.drift_check.get();
    let scheme = if loaded.config.listener.tls.is_some() { "https" } else { "http" };
    let Source { config: file, overrides } = args.source.clone();
    let source = ReloadSource { file, overrides };
    let running = start_from(loaded, Some(source), !args.no_watch)?;
    let address = running.address;
    match running.ops_address {
        Some(ops) => tracing::info!("listening on {scheme}://{address}, ops on http://{ops}"),
        None => tracing::info!("listening on {scheme}://{address}"),
    }
    Ok((running, drift_check))
}

async fn until_stopped(running: Running, mut signals: Signals) -> io::Result<ExitCode> {
    loop {
        tokio::select! {
            _ = signals.hangup.recv() => {
                // The outcome is logged where it is known.
                let _ = running.reload();
            }
            _ = signals.stop.next() => break,
        }
    }
    tracing::info!("stopping: requests in flight may end");
    let (stopped, ended) = oneshot::channel();
    thread::Builder::new().name("stop".to_owned()).spawn(move || {
        running.stop();
        // The other end is gone after a second signal.
        let _ = stopped.send(());
    })?;
    tokio::select! {
        _ = ended => {
            tracing::info!("stopped");
            Ok(ExitCode::SUCCESS)
        }
        code = signals.stop.next() => Ok(ExitCode::from(code)),
    }
}

struct Signals {
    hangup: Signal,
    stop: Stops,
}

impl Signals {
    fn receive() -> io::Result<Self> {
        let stop = Stops {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        };
        Ok(Self { hangup: signal(SignalKind::hangup())?, stop })
    }
}

/// The signals that end the process.
struct Stops {
    terminate: Signal,
    interrupt: Signal,
}

impl Stops {
    /// Waits for one; gives what a shell reports for it.
    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.terminate.recv() => 143,
            _ = self.interrupt.recv() => 130,
        }
    }
}

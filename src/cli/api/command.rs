//! `gatecloak api`: reads requests from standard input, writes answers to standard output.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::thread;

use tokio::sync::mpsc;

use super::desk::Desk;
use crate::cli::Terminal;
use crate::config::{LogFormat, TelemetryConfig};
use crate::telemetry;

/// Arguments of `gatecloak api`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct ApiArgs {}

/// Answers until standard input ends, or nobody reads the answers any more.
pub(in crate::cli) fn run(_: ApiArgs, terminal: Terminal) -> ExitCode {
    let log =
        TelemetryConfig { level: "warn".to_owned(), format: LogFormat::Text, ..TelemetryConfig::default() };
    let served = telemetry::init(&log).and_then(|()| serve().map_err(|error| error.to_string()));
    telemetry::flush_log();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            terminal.say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut lines = lines()?;
    // Between two lines the runtime goes on, so that it notices which connections a server has closed.
    runtime.block_on(async {
        let mut desk = Desk::default();
        while let Some(line) = lines.recv().await {
            let mut answer = desk.answer(&line?).await.to_string();
            answer.push('\n');
            let mut output = io::stdout().lock();
            if output.write_all(answer.as_bytes()).and_then(|()| output.flush()).is_err() {
                // A closed pipe: nobody is left to answer.
                break;
            }
        }
        Ok(())
    })
}

/// The lines of standard input, read by a thread of their own; a line need not be UTF-8.
fn lines() -> io::Result<mpsc::Receiver<io::Result<Vec<u8>>>> {
    let (sender, receiver) = mpsc::channel(1);
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        for line in io::stdin().lock().split(b'\n') {
            let failed = line.is_err();
            if sender.blocking_send(line).is_err() || failed {
                break;
            }
        }
    })?;
    Ok(receiver)
}

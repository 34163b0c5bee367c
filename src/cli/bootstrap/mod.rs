//! `gatecloak bootstrap`: what the gateway needs in Keycloak, planned and applied.
//!
//! Exit codes: 0 if all is well, 1 if something went wrong, 2 if a plan found something to do (or the call was wrong).

mod report;
mod state;
mod task;

use std::path::PathBuf;
use std::process::ExitCode;

use super::Terminal;

pub(super) use state::bring_about;

/// Arguments of `gatecloak bootstrap`.
#[derive(Debug, clap::Args)]
pub struct BootstrapArgs {
    #[command(subcommand)]
    command: BootstrapCommand,
}

/// What can be done.
#[derive(Debug, clap::Subcommand)]
enum BootstrapCommand {
    /// Show what would be done; writes nothing. Exits with 2 if there is something to do
    Plan(StateArgs),
    /// Do it
    Apply(StateArgs),
}

/// What is wanted, and how to answer.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct StateArgs {
    /// The gateway's configuration: what it needs, and the login
    #[command(flatten)]
    pub(super) source: super::Source,
    /// Wanted state in place of the configuration's (YAML, JSON or TOML): tasks of the module `keycloak_client`, with their
    /// own login
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Answer in JSON; for a task with the members of the module
    #[arg(long)]
    pub(super) json: bool,
}

/// Plans or applies.
pub(super) fn run(args: BootstrapArgs, terminal: Terminal) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.say(&format!("error: no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let (state, write) = match args.command {
        BootstrapCommand::Plan(state) => (state, false),
        BootstrapCommand::Apply(state) => (state, true),
    };
    runtime.block_on(async {
        if state.files.is_empty() {
            state::run(&state, write, terminal).await
        } else {
            task::run(&state, write, terminal).await
        }
    })
}

//! The commands of `gatecloak bootstrap`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::account::{self, InitArgs};
use super::destroy::{self, DestroyArgs};
use super::export::{self, ExportArgs};
use super::{Terminal, files, state};

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
    /// Write what is there now as a file of wanted state, without secrets
    Export(ExportArgs),
    /// Delete what was made for this gateway, and nothing else
    Destroy(DestroyArgs),
    /// With an administrator's login: make the realm and the account that does the rest, with just the roles it needs
    Init(InitArgs),
}

/// What is wanted, and how to answer.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct StateArgs {
    /// The gateway's configuration: what it needs, and the login
    #[command(flatten)]
    pub(super) source: super::super::Source,
    /// Wanted state in place of the configuration's (YAML, JSON or TOML), or tasks of the module `keycloak_client`, with
    /// their own login; wanted state without one takes it from `GATECLOAK_ADMIN_SERVER` and its like
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Answer in JSON; for a task with the members of the module
    #[arg(long)]
    pub(super) json: bool,
}

/// Does it. Exits with 0, 1, 2 (a plan found something to do), 3 (the server does not answer) or 4 (the login is not taken).
pub(in crate::cli) fn run(args: BootstrapArgs, terminal: Terminal) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.say(&format!("error: no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        match args.command {
            BootstrapCommand::Plan(args) => state_or_files(&args, false, terminal).await,
            BootstrapCommand::Apply(args) => state_or_files(&args, true, terminal).await,
            BootstrapCommand::Export(args) => export::run(&args, terminal).await,
            BootstrapCommand::Destroy(args) => destroy::run(&args, terminal).await,
            BootstrapCommand::Init(args) => account::run(&args, terminal).await,
        }
    })
}

async fn state_or_files(args: &StateArgs, write: bool, terminal: Terminal) -> ExitCode {
    if args.files.is_empty() {
        state::run(args, write, terminal).await
    } else {
        files::run(args, write, terminal).await
    }
}

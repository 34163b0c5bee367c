//! `gatecloak bootstrap`: what the gateway needs in Keycloak, planned and applied.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;

use super::Terminal;
use crate::bootstrap::{ModuleTask, Outcome, document};

/// Arguments of `gatecloak bootstrap`.
#[derive(Debug, clap::Args)]
pub struct BootstrapArgs {
    #[command(subcommand)]
    command: BootstrapCommand,
}

/// What can be done.
#[derive(Debug, clap::Subcommand)]
enum BootstrapCommand {
    /// Show what would be done; writes nothing. Exits with 2 if anything would be
    Plan(FilesArgs),
    /// Do it
    Apply(FilesArgs),
}

/// Which files, and how to answer.
#[derive(Debug, clap::Args)]
struct FilesArgs {
    /// Wanted state (YAML, JSON or TOML): options of the module `keycloak_client`, or a playbook of its tasks
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Answer in JSON, with the members of the module
    #[arg(long)]
    json: bool,
}

/// Plans or applies: 0 if all is well, 1 if something went wrong, 2 if a plan found changes.
pub(super) fn run(args: BootstrapArgs, terminal: Terminal) -> ExitCode {
    let (files, write) = match args.command {
        BootstrapCommand::Plan(files) => (files, false),
        BootstrapCommand::Apply(files) => (files, true),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.say(&format!("error: no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let mut outcomes = Vec::new();
    for file in &files.files {
        match document::read(file).and_then(|content| document::tasks(file, &content)) {
            Ok(tasks) => outcomes.extend(tasks.iter().map(|task| runtime.block_on(one(task, write)))),
            Err(error) => outcomes.push(Outcome::failure(error.to_string())),
        }
    }
    report(&outcomes, &files, terminal);
    if outcomes.iter().any(|outcome| outcome.failed) {
        return ExitCode::FAILURE;
    }
    match outcomes.iter().any(|outcome| outcome.changed) && !write {
        true => ExitCode::from(2),
        false => ExitCode::SUCCESS,
    }
}

async fn one(task: &ModuleTask, write: bool) -> Outcome {
    if write { task.apply().await } else { task.plan().await }
}

fn report(outcomes: &[Outcome], files: &FilesArgs, terminal: Terminal) {
    if files.json {
        let all = match outcomes {
            [one] => one.to_json(),
            all => Value::Array(all.iter().map(Outcome::to_json).collect()),
        };
        terminal.print(&all.to_string());
        return;
    }
    for outcome in outcomes {
        terminal.print(&outcome.msg);
        outcome.changes.iter().for_each(|change| terminal.print(&format!("  {change}")));
        outcome.warnings.iter().for_each(|warning| terminal.say(&format!("note: {warning}")));
    }
}

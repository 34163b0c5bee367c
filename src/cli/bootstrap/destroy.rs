//! `gatecloak bootstrap destroy`: what was made for this gateway goes.

use std::process::ExitCode;

use super::stop::{self, Stop};
use super::{Terminal, report, state};
use crate::bootstrap::Plan;
use crate::cli::Source;
use crate::config::Loaded;

/// Arguments of `gatecloak bootstrap destroy`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct DestroyArgs {
    /// The gateway's configuration: whose things, and the login
    #[command(flatten)]
    source: Source,
    /// Do it; without this, show what would be deleted and exit with 2 if there is something
    #[arg(long)]
    yes: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &DestroyArgs, terminal: Terminal) -> ExitCode {
    let loaded = match args.source.load() {
        Ok(loaded) => loaded,
        Err(error) => return terminal.refuse(&error),
    };
    let plan = match plan(args, &loaded).await {
        Ok(plan) => plan,
        Err(stop) => return stop.say(terminal),
    };
    report::plan(&plan, args.yes, args.json, terminal);
    if let Some((_, error)) = plan.failures.first() {
        return stop::code(error.failure());
    }
    if !args.yes && plan.is_changed() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

async fn plan(args: &DestroyArgs, loaded: &Loaded) -> Result<Plan, Stop> {
    let (realm, desired) = state::ready(&loaded.config, loaded.folder()).await?;
    Ok(Plan::destroy(&realm, &desired, args.yes).await?)
}

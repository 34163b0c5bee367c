//! The wanted state of a gateway's configuration.

use std::path::Path;
use std::process::ExitCode;

use super::stop::{self, Stop};
use super::{StateArgs, Terminal, report};
use crate::admin::{AdminClient, Realm};
use crate::bootstrap::{Desired, Plan, login, secret};
use crate::cli::progress;
use crate::config::Config;

pub(super) async fn run(args: &StateArgs, write: bool, terminal: Terminal) -> ExitCode {
    let loaded = match args.source.load() {
        Ok(loaded) => loaded,
        Err(error) => return terminal.refuse(&error),
    };
    let (config, folder) = (&loaded.config, loaded.folder());
    let plan = if write { applied(config, folder).await } else { planned(config, folder).await };
    let plan = match plan {
        Ok(plan) => plan,
        Err(stop) => return stop.say(terminal),
    };
    report::plan(&plan, write, args.json, terminal);
    if let Some((_, error)) = plan.failures.first() {
        return stop::code(error.failure());
    }
    if !write && plan.is_changed() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Brings about what a configuration wants, for a gateway that is about to start.
pub(in crate::cli) async fn bring_about(config: &Config, folder: &Path) -> Result<Plan, Stop> {
    let plan = applied(config, folder).await?;
    match plan.failures.first() {
        Some((item, error)) => {
            Err(format!("{} `{}`: {}", item.kind.name(), item.name, plan.said(error)).into())
        }
        None => Ok(plan),
    }
}

/// What a configuration wants and is not so. Only reads.
pub(in crate::cli) async fn planned(config: &Config, folder: &Path) -> Result<Plan, Stop> {
    let (realm, desired) = ready(config, folder).await?;
    Ok(Plan::make(&realm, &desired).await?)
}

async fn applied(config: &Config, folder: &Path) -> Result<Plan, Stop> {
    let (realm, desired) = ready(config, folder).await?;
    let plan = apply(&realm, &desired).await?;
    if plan.failures.is_empty()
        && let Some(path) = &config.bootstrap.secret_file
    {
        secret::write(&realm, config, &folder.join(path)).await?;
    }
    Ok(plan)
}

/// The realm, once the server answers, and what is wanted of it.
pub(super) async fn ready(config: &Config, folder: &Path) -> Result<(Realm, Desired), Stop> {
    let desired = Desired::derive(config, folder)?;
    let session = login::session(config, folder)?;
    login::wait(&session, config.bootstrap.wait.get()).await?;
    Ok((AdminClient::new(session).realm(&desired.realm), desired))
}

/// Applies, and shows on a terminal how far it is.
pub(super) async fn apply(realm: &Realm, desired: &Desired) -> Result<Plan, Stop> {
    let bar = progress::bar();
    let mut failed = 0;
    let plan = Plan::apply(realm, desired, |item, error| {
        failed += usize::from(error.is_some());
        bar.inc(1);
        bar.set_message(format!("{}, {failed} failed", item.kind.name()));
    });
    let plan = plan.await;
    bar.finish_and_clear();
    Ok(plan?)
}

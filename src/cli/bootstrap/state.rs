//! The wanted state of a gateway's configuration.

use std::path::Path;
use std::process::ExitCode;

use super::{StateArgs, Terminal, report};
use crate::admin::{AdminClient, Realm};
use crate::bootstrap::{Desired, Plan, login, secret};
use crate::config::Config;

pub(super) async fn run(args: &StateArgs, write: bool, terminal: Terminal) -> ExitCode {
    let loaded = match args.source.load() {
        Ok(loaded) => loaded,
        Err(error) => return terminal.refuse(&error),
    };
    let folder = loaded.folder();
    let plan = match (write, ready(&loaded.config, folder).await) {
        (_, Err(error)) => Err(error),
        (true, Ok((realm, desired))) => apply(&loaded.config, folder, &realm, &desired).await,
        (false, Ok((realm, desired))) => {
            Plan::make(&realm, &desired).await.map_err(|error| error.to_string())
        }
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => {
            terminal.say(&format!("error: {error}"));
            return ExitCode::FAILURE;
        }
    };
    report::plan(&plan, write, args.json, terminal);
    if !plan.failures.is_empty() {
        return ExitCode::FAILURE;
    }
    if !write && plan.is_changed() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Brings about what a configuration wants, for a gateway that is about to start. The error is for people.
pub(in crate::cli) async fn bring_about(config: &Config, folder: &Path) -> Result<Plan, String> {
    let (realm, desired) = ready(config, folder).await?;
    let plan = apply(config, folder, &realm, &desired).await?;
    match plan.failures.first() {
        Some((item, error)) => Err(format!("{} `{}`: {error}", item.kind.name(), item.name)),
        None => Ok(plan),
    }
}

/// The realm, once the server answers, and what is wanted of it.
async fn ready(config: &Config, folder: &Path) -> Result<(Realm, Desired), String> {
    let desired = Desired::derive(config, folder).map_err(|error| error.to_string())?;
    let session = login::session(config, folder).map_err(|error| error.to_string())?;
    login::wait(&session, config.bootstrap.wait.get()).await?;
    Ok((AdminClient::new(session).realm(&desired.realm), desired))
}

async fn apply(config: &Config, folder: &Path, realm: &Realm, desired: &Desired) -> Result<Plan, String> {
    let plan = Plan::apply(realm, desired, |_, _| {}).await.map_err(|error| error.to_string())?;
    if plan.failures.is_empty()
        && let Some(path) = &config.bootstrap.secret_file
    {
        secret::write(realm, config, &folder.join(path)).await?;
    }
    Ok(plan)
}

//! `gatecloak bootstrap export`: today's state as a file of wanted state.

use std::process::ExitCode;

use serde_json::Value;

use super::account::AdminLogin;
use super::stop::Stop;
use super::{Terminal, state};
use crate::admin::{AdminClient, Realm};
use crate::bootstrap::{Selection, export};
use crate::cli::Source;
use crate::config::LoadError;

/// Arguments of `gatecloak bootstrap export`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The gateway's configuration: what is exported, and the login
    #[command(flatten)]
    source: Source,
    /// Just these clients, and not all that the configuration names
    #[arg(long, value_name = "ID")]
    client: Vec<String>,
    /// The realm, without a configuration; then `--server`, `--client` and an administrator's login are needed
    #[arg(long, value_name = "REALM", requires = "client")]
    realm: Option<String>,
    #[command(flatten)]
    admin: AdminLogin,
    /// Write JSON and not YAML
    #[arg(long)]
    json: bool,
}

/// Why there is nothing to show.
enum Refusal {
    Config(LoadError),
    Stop(Stop),
}

impl<E: Into<Stop>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

pub(super) async fn run(args: &ExportArgs, terminal: Terminal) -> ExitCode {
    match content(args).await {
        Ok(text) => {
            terminal.print(&text);
            ExitCode::SUCCESS
        }
        Err(Refusal::Config(error)) => terminal.refuse(&error),
        Err(Refusal::Stop(stop)) => stop.say(terminal),
    }
}

async fn content(args: &ExportArgs) -> Result<String, Refusal> {
    let (realm, name, mut selection) = place(args).await?;
    if !args.client.is_empty() {
        selection = Selection { clients: args.client.clone(), ..Selection::default() };
    }
    let content = export(&realm, &name, &selection).await?;
    Ok(written(&content, args.json)?)
}

/// The realm, its name, and what the configuration names in it.
async fn place(args: &ExportArgs) -> Result<(Realm, String, Selection), Refusal> {
    if let Some(name) = &args.realm {
        let realm = AdminClient::new(args.admin.access().open()?).realm(name);
        return Ok((realm, name.clone(), Selection::default()));
    }
    let loaded = args.source.load().map_err(Refusal::Config)?;
    let (realm, desired) = state::ready(&loaded.config, loaded.folder()).await?;
    let selection = Selection::of(&desired);
    Ok((realm, desired.realm, selection))
}

#[cfg(feature = "yaml")]
fn written(content: &Value, json: bool) -> Result<String, String> {
    if json {
        return as_json(content);
    }
    serde_saphyr::to_string(content).map_err(|error| error.to_string())
}

#[cfg(not(feature = "yaml"))]
fn written(content: &Value, _json: bool) -> Result<String, String> {
    as_json(content)
}

fn as_json(content: &Value) -> Result<String, String> {
    serde_json::to_string_pretty(content).map_err(|error| error.to_string())
}

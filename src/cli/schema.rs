//! `gatecloak schema`: the configuration file, described.

use std::process::ExitCode;

use super::{Terminal, example};
use crate::config::Config;

/// Arguments of `gatecloak schema`.
#[derive(Debug, clap::Args)]
pub struct SchemaArgs {
    /// Print a file with every key at its default, explained, in place of the JSON Schema
    #[arg(long)]
    example: bool,
}

pub(super) fn run(args: SchemaArgs, terminal: Terminal) -> ExitCode {
    let text = if args.example { example() } else { schema() };
    terminal.print(&text);
    ExitCode::SUCCESS
}

/// The JSON Schema (2020-12) of the configuration file.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Config);
    // A schema is a JSON value, which always has a text.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

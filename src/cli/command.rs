//! The tree of commands.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use super::{CheckArgs, DemoArgs, DevIdpArgs, SchemaArgs, ServeArgs, Terminal, TokenArgs};
use super::{check, demo, dev_idp, diagnostic, schema, serve, token};
use crate::config::{self, LoadError, Loaded};

/// An authenticating and authorizing reverse proxy for Keycloak.
#[derive(Debug, Parser)]
#[command(name = "gatecloak", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> ExitCode {
        let Self { global, command } = self;
        match command {
            Command::Serve(args) => serve::run(args, &global),
            Command::Check(args) => check::run(args, &global),
            Command::Schema(args) => schema::run(args, &global),
            Command::Demo(args) => demo::run(args, &global),
            Command::DevIdp(args) => dev_idp::run(args, &global),
            Command::Token(args) => token::run(args, &global),
        }
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the gateway
    Serve(ServeArgs),
    /// Say everything that is wrong with a configuration, and ask its own tests
    Check(CheckArgs),
    /// Print the configuration's JSON Schema, or a file with every key explained
    Schema(SchemaArgs),
    /// Run a realm, an upstream and the gateway in one process, to try it out
    Demo(DemoArgs),
    /// Run the development issuer alone
    DevIdp(DevIdpArgs),
    /// Get or read a token
    Token(TokenArgs),
}

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Global {
    /// The configuration file (TOML, or YAML by its extension)
    #[arg(
        long,
        short,
        global = true,
        env = "GATECLOAK_CONFIG",
        value_name = "FILE",
        default_value = "gatecloak.toml"
    )]
    pub config: PathBuf,
    /// Set a key of the configuration, over file and environment: `--set listener.address=127.0.0.1:8080`
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub overrides: Vec<(String, String)>,
    /// When to print in colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

impl Global {
    /// Loads the configuration that the flags name.
    pub fn load(&self) -> Result<Loaded, LoadError> {
        config::load(&self.config, &self.overrides)
    }

    /// Standard output and standard error.
    pub fn terminal(&self) -> Terminal {
        Terminal::new(self.color)
    }

    /// Prints what is wrong with the configuration and gives back the exit code that says so.
    pub fn refuse(&self, error: &LoadError) -> ExitCode {
        let terminal = self.terminal();
        terminal.say(&diagnostic::render(error, terminal.color));
        ExitCode::FAILURE
    }
}

/// Splits at the first `=`. The value may be a secret of sorts, so an error does not repeat it.
fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("expected `KEY=VALUE`".to_owned()),
    }
}

//! The tree of commands.

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use super::{
    AdminArgs, ApiArgs, BootstrapArgs, CheckArgs, CompletionsArgs, DemoArgs, DevIdpArgs, DiffArgs,
    ExplainArgs, MatrixArgs, SchemaArgs, ServeArgs, Terminal, TokenArgs,
};
use super::{
    admin, api, bootstrap, check, completions, demo, dev_idp, diff, explain, matrix, schema, serve, token,
};

/// An authenticating and authorizing reverse proxy for Keycloak.
#[derive(Debug, Parser)]
#[command(name = "gatecloak", version, about, max_term_width = 100)]
pub struct Cli {
    /// When to print in colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 100)]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> ExitCode {
        let terminal = Terminal::new(self.color);
        match self.command {
            Command::Serve(args) => serve::run(args, terminal),
            Command::Check(args) => check::run(args, terminal),
            Command::Explain(args) => explain::run(args, terminal),
            Command::Matrix(args) => matrix::run(args, terminal),
            Command::Diff(args) => diff::run(args, terminal),
            Command::Schema(args) => schema::run(args, terminal),
            Command::Demo(args) => demo::run(args, terminal),
            Command::DevIdp(args) => dev_idp::run(args, terminal),
            Command::Bootstrap(args) => bootstrap::run(args, terminal),
            Command::Token(args) => token::run(args, terminal),
            Command::Admin(args) => admin::run(*args, terminal),
            Command::Api(args) => api::run(args, terminal),
            Command::Completions(args) => completions::run(args, terminal),
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
    /// Say how one request would be answered, and why, down to each policy
    Explain(ExplainArgs),
    /// Print who may do what: routes and methods down, roles or users across
    Matrix(MatrixArgs),
    /// Say which requests are answered otherwise by another configuration
    Diff(DiffArgs),
    /// Print the configuration's JSON Schema, or a file with every key explained
    Schema(SchemaArgs),
    /// Run a realm, an upstream and the gateway in one process, to try it out
    Demo(DemoArgs),
    /// Run the development issuer alone
    DevIdp(DevIdpArgs),
    /// Bring Keycloak to what the gateway needs
    Bootstrap(BootstrapArgs),
    /// Verify a token as the gateway would, and show each check
    Token(TokenArgs),
    /// Manage a Keycloak: users, groups, roles, clients, realms
    Admin(Box<AdminArgs>),
    /// Call the Keycloak client by JSON lines: requests on standard input, answers on standard output
    Api(ApiArgs),
    /// Print a script that lets a shell complete commands
    Completions(CompletionsArgs),
}

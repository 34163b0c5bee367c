//! What a person types.
//!
//! [`Cli`] is the tree of commands, one file each. Standard output is data, standard error is talk. A command exits with
//! 0 if all is well, 1 if something is wrong with the configuration or the run, 2 if it was called wrongly.

mod admin;
pub mod api;
mod bootstrap;
mod check;
mod claims_file;
mod command;
mod completions;
mod demo;
mod dev_idp;
mod diff;
mod drift;
mod example;
mod explain;
mod matrix;
mod offline;
mod progress;
mod schema;
mod serve;
mod source;
mod terminal;
mod token;

pub use admin::AdminArgs;
pub use api::ApiArgs;
pub use bootstrap::BootstrapArgs;
pub use check::CheckArgs;
pub use command::{Cli, Command};
pub use completions::CompletionsArgs;
pub use demo::DemoArgs;
pub use dev_idp::DevIdpArgs;
pub use diff::DiffArgs;
pub use example::example;
pub use explain::ExplainArgs;
pub use matrix::MatrixArgs;
pub use schema::{SchemaArgs, schema};
pub use serve::ServeArgs;
pub use source::Source;
pub use terminal::Terminal;
pub use token::TokenArgs;

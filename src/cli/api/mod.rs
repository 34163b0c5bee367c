//! The scriptable API: one JSON request a line, one JSON answer a line.

mod admin;
mod args;
mod command;
mod connection;
mod desk;
mod failure;
mod keycloak_admin;
mod raw;
mod request;
mod settings;

pub use command::ApiArgs;
pub(super) use command::run;

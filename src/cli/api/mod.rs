//! The scriptable API: one JSON request a line, one JSON answer a line.

mod admin;
mod args;
mod command;
mod connection;
mod decisions;
mod desk;
mod failure;
mod keycloak_admin;
mod keycloak_uma;
mod openid;
mod permissions;
mod pure;
mod raw;
mod request;
mod settings;

pub use command::ApiArgs;
pub(super) use command::run;
pub use decisions::{DecisionError, Decisions, decide, load_authorization, match_path};
pub(super) use failure::Failure;
pub(super) use keycloak_admin::KeycloakAdmin;

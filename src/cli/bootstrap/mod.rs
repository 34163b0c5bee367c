//! `gatecloak bootstrap`: what the gateway needs in Keycloak, planned, applied, exported, taken away.
//!
//! Exit codes: 0 if all is well, 1 if something went wrong, 2 if a plan found something to do (or the call was wrong), 3 if
//! the server does not answer, 4 if the login is not taken.

mod account;
mod command;
mod destroy;
mod export;
mod files;
mod report;
mod state;
mod stop;

use command::StateArgs;

pub use command::BootstrapArgs;
pub(super) use command::run;
pub(super) use state::{bring_about, planned};

use super::Terminal;

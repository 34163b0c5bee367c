//! `gatecloak admin`: Keycloak's Admin API for people.
//!
//! Everything goes through the methods of the scriptable API: [`verbs`] gives the common ones friendly names, and `call`
//! reaches all of them by python-keycloak's.

mod access;
mod bulk;
mod command;
mod context;
mod input;
mod output;
mod verbs;

pub use command::AdminArgs;
pub(super) use command::run;

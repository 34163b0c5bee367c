//! What the gateway needs in Keycloak: declared, planned, applied.

mod authorization;
mod change;
mod client;
pub mod document;
mod error;
mod kind;
mod normal;
mod option;
mod outcome;
mod redact;
mod scopes;
mod task;

pub use change::Change;
pub use client::{Action, ClientPlan};
pub use error::BootstrapError;
pub use outcome::Outcome;
pub use redact::redacted;
pub use task::{Access, AccessError, ModuleTask, ScopesBehavior, TaskError, WantedClient};

//! What the gateway needs in Keycloak: declared, planned, applied.

mod authorization;
mod change;
mod client;
mod default_roles;
mod derive;
mod desired;
pub mod document;
mod error;
mod item;
mod kind;
pub mod login;
mod normal;
mod option;
mod outcome;
mod plan;
mod redact;
mod scopes;
pub mod secret;
mod stage;
mod task;

pub use change::Change;
pub use client::{Action, ClientPlan};
pub use desired::{
    Assignment, Desired, DesiredClient, State, WantedGroup, WantedMappings, WantedRole, WantedScope,
};
pub use error::BootstrapError;
pub use item::{Item, Kind};
pub use outcome::Outcome;
pub use plan::Plan;
pub use redact::{is_secret, redacted};
pub use task::{Access, AccessError, ModuleTask, ScopesBehavior, TaskError, WantedClient};

//! What the gateway needs in Keycloak: declared, planned, applied.

mod access;
mod authorization;
mod change;
mod client;
mod clients;
mod default_roles;
mod derive;
mod desired;
mod destroy;
pub mod document;
mod error;
mod export;
mod hidden;
mod init;
mod item;
mod kind;
pub mod login;
mod mark;
mod normal;
mod option;
mod outcome;
mod plan;
mod playbook;
mod redact;
mod reference;
mod scopes;
pub mod secret;
mod sessions;
mod stage;
mod syntax;
mod task;
pub(crate) mod variable;

pub use access::{Access, AccessError};
pub use change::Change;
pub use client::ClientPlan;
pub use desired::{
    Assignment, Desired, DesiredClient, State, WantedGroup, WantedMappings, WantedRole, WantedScope,
};
pub use error::{BootstrapError, Failure};
pub use export::{Selection, export};
pub use init::{InitError, Initialized, Rights, init};
pub use item::{Action, Item, Kind};
pub use outcome::Outcome;
pub use plan::Plan;
pub use playbook::play;
pub use redact::{redacted, shown};
pub use sessions::Sessions;
pub use task::{ModuleTask, ScopesBehavior, TaskError, WantedClient};

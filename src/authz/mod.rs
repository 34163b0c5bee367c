//! May this principal do this?
//!
//! A route's `require` is compiled into a [`Requirement`]. An [`Authorizer`] (one per provider) answers whether a caller
//! meets it: from the token, from remembered decisions, and by asking Keycloak. Only this room can make a [`Permit`].
//!
//! Keycloak's exported [`Settings`] are compiled into a [`Model`], which finds the resource of a path. Their policies
//! are in the model as written: this is where they will be evaluated without asking.

mod authorizer;
mod cache;
mod case;
mod condition;
mod decision;
mod evidence;
mod java_regex;
mod model;
mod outcomes;
mod permission;
mod remote;
mod requirement;
mod resource;
mod rpt;
mod settings;
mod spelling;
mod ticket;

pub use authorizer::{Ask, Authorizer, Decided};
pub use decision::{Decision, DecisionSource, Permit, PermitMode, Refusal, RefusalCode, Unguarded};
pub use java_regex::{JavaRegex, NotPortable};
pub use model::{Model, NotOne};
pub use requirement::{Needs, Requirement};
pub use resource::Resource;
pub use settings::{
    DecisionStrategy, Logic, OwnerSettings, PolicyEnforcementMode, PolicySettings, ResourceSettings,
    ScopeSettings, Settings,
};

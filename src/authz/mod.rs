//! May this principal do this?
//!
//! A route's `require` is compiled into a [`Requirement`]. An [`Authorizer`] (one per provider) answers whether a caller
//! meets it: from the token, from remembered decisions, and by asking Keycloak. Only this room can make a [`Permit`].

mod authorizer;
mod decision;
mod requirement;
mod settings;

pub use authorizer::{Ask, Authorizer, Decided};
pub use decision::{Decision, DecisionSource, Permit, PermitMode, Refusal, RefusalCode, Unguarded};
pub use requirement::{Needs, Requirement};
pub use settings::Settings;

//! The embedded development issuer: a realm from Keycloak's own export, answered in Keycloak's own shapes.
//!
//! It knows the grants, the claims and the permissions that the demo and the tests need and nothing beyond: no login page,
//! no storage, no brute-force protection, secrets in memory as they are in the file. Development only.

mod claims;
mod endpoints;
mod evaluate;
mod fault;
mod grant;
mod issuer;
mod oauth;
mod realm;
mod settings;
mod state;
mod uma;

pub use fault::{Endpoint, Fault};
pub use issuer::{DevIdp, DevIdpBuilder, OldKeys};
pub use realm::{
    Composites, ProtocolMapper, Realm, RealmClient, RealmCredential, RealmGroup, RealmRole, RealmRoles,
    RealmUser,
};
pub use settings::{AuthorizationSettings, PolicySettings, ResourceSettings, ScopeSettings};

pub(super) use realm::stable_id;

#[cfg(test)]
mod tests;

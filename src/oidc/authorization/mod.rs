//! Keycloak's authorization services, as a program uses them: what a user may do, and the resources it may be done to.
//!
//! [`RealmClient::access`](super::RealmClient::access) is the question that counts: Keycloak decides, and every permission
//! that was asked for must be in its answer. [`Authorization`] only says which policies name a role of the user: it knows
//! nothing of their logic, and no decision may stand on it. [`UmaClient`] manages resources, tickets and the policies of
//! their owners.

mod access;
mod auth_status;
mod configuration;
mod permission;
mod permission_set;
mod policy;
mod role;
mod uma_client;
mod uma_permission;

pub use auth_status::AuthStatus;
pub use configuration::Authorization;
pub use permission::Permission;
pub use permission_set::PermissionSet;
pub use policy::Policy;
pub use role::Role;
pub use uma_client::UmaClient;
pub use uma_permission::UmaPermission;

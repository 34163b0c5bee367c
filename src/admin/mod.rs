//! Keycloak's Admin REST API; one file per heading of its own reference.
//!
//! [`AdminClient`] logs in; [`AdminClient::realm`] leads to everything in a realm: `admin.realm("shop").users().get(id)`.
//! Representations are [`serde_json::Value`], so that a member which this version does not know survives a round trip.
//! The doc of a method gives its HTTP line and the method of python-keycloak that it stands for.
//!
//! Names and ids are encoded whatever is in them. Errors keep the server's text: [`crate::connection::CallError`].

mod answer;
mod attack_detection;
mod client;
mod default_roles;
mod groups;
mod keys;
mod location;
mod organizations;
mod pages;
mod realm;
mod removed;
mod role_mappings;
mod roles;
mod roles_by_id;
mod user_profile;
mod users;

pub use attack_detection::AttackDetection;
pub use client::AdminClient;
pub use default_roles::DefaultRoles;
pub use groups::Groups;
pub use keys::Keys;
pub use organizations::Organizations;
pub use pages::{PAGE_SIZE, Pages};
pub use realm::Realm;
pub use role_mappings::RoleMappings;
pub use roles::Roles;
pub use roles_by_id::RolesById;
pub use user_profile::UserProfile;
pub use users::Users;

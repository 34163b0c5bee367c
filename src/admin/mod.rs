//! Keycloak's Admin REST API; one file per heading of its own reference.
//!
//! [`AdminClient`] logs in; [`AdminClient::realm`] leads to everything in a realm: `admin.realm("shop").users().get(id)`.
//! Representations are [`serde_json::Value`], so that a member which this version does not know survives a round trip.
//! The doc of a method gives its HTTP line and the method of python-keycloak that it stands for.
//!
//! Names and ids are encoded whatever is in them. Errors keep the server's text: [`crate::connection::CallError`].

mod answer;
mod attack_detection;
mod authenticators;
mod bulk;
mod client;
mod client_authorization;
mod client_certificates;
mod client_policies;
mod client_registration;
mod client_registration_policy;
mod client_scopes;
mod clients;
mod components;
mod default_roles;
mod events;
mod executions;
mod flows;
mod groups;
mod identity_providers;
mod keys;
mod localization;
mod location;
mod organizations;
mod pages;
mod protocol_mappers;
mod realm;
mod realms;
mod removed;
mod required_actions;
mod role_mappings;
mod roles;
mod roles_by_id;
mod scope_mappings;
mod server_info;
mod user_profile;
mod user_storage;
mod users;

pub use attack_detection::AttackDetection;
pub use authenticators::Authenticators;
pub use bulk::{Bulk, Journal, Outcome, Progress, Report};
pub use client::AdminClient;
pub use client_authorization::{
    AuthorizationPolicies, AuthorizationResources, AuthorizationScopes, ClientAuthorization,
};
pub use client_certificates::ClientCertificates;
pub use client_policies::ClientPolicies;
pub use client_registration::ClientRegistration;
pub use client_registration_policy::ClientRegistrationPolicy;
pub use client_scopes::ClientScopes;
pub use clients::Clients;
pub use components::Components;
pub use default_roles::DefaultRoles;
pub use events::Events;
pub use executions::Executions;
pub use flows::Flows;
pub use groups::Groups;
pub use identity_providers::IdentityProviders;
pub use keys::Keys;
pub use localization::Localization;
pub use organizations::Organizations;
pub use pages::{PAGE_SIZE, Pages};
pub use protocol_mappers::ProtocolMappers;
pub use realm::Realm;
pub use realms::Realms;
pub use required_actions::RequiredActions;
pub use role_mappings::RoleMappings;
pub use roles::Roles;
pub use roles_by_id::RolesById;
pub use scope_mappings::ScopeMappings;
pub use user_profile::UserProfile;
pub use user_storage::UserStorage;
pub use users::Users;

//! The Keycloak client against the real server, one file per heading; a realm per test.

mod attack_detection;
mod authenticators;
mod client_authorization;
mod client_certificates;
mod client_policies;
mod client_registration;
mod client_registration_policy;
mod client_scopes;
mod clients;
mod components;
mod events;
mod executions;
mod flows;
mod identity_providers;
mod keys;
mod localization;
mod protocol_mappers;
mod realms;
mod required_actions;
mod scene;
mod scope_mappings;
mod server_info;
mod user_storage;

mod groups;
mod log;
mod mailbox;
mod organizations;
mod pages;
mod relay;
mod role_mappings;
mod roles;
mod user_profile;
mod users;
pub(crate) use relay::Relay;
pub(crate) use scene::{AWKWARD, Scene, login, names, person, text};

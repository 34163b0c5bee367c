//! The Keycloak client against the real server, one file per heading; a realm per test.

mod attack_detection;
mod authenticators;
mod client_policies;
mod client_registration_policy;
mod components;
mod events;
mod executions;
mod flows;
mod identity_providers;
mod keys;
mod localization;
mod realms;
mod required_actions;
mod scene;
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
pub(crate) use scene::{AWKWARD, Scene, login, names, person, text};

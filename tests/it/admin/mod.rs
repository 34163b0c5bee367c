//! The Keycloak client against the real server, one file per heading; a realm per test.

mod attack_detection;
mod groups;
mod log;
mod mailbox;
mod organizations;
mod pages;
mod relay;
mod role_mappings;
mod roles;
mod scene;
mod user_profile;
mod users;

pub(crate) use scene::{AWKWARD, Scene, names, person, text};

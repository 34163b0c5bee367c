//! The Keycloak client against the real server, one file per heading; a realm per test.

mod attack_detection;
mod scene;

pub(crate) use scene::{Scene, login};

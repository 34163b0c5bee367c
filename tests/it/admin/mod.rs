//! The Keycloak client against the real server, one file per heading; a realm per test.

mod attack_detection;
mod client_authorization;
mod client_certificates;
mod client_registration;
mod client_scopes;
mod clients;
mod protocol_mappers;
mod scene;
mod scope_mappings;

pub(crate) use scene::Scene;

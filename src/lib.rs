//! An authenticating and authorizing reverse proxy for Keycloak.

pub mod authz;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod gateway;
pub mod oidc;
pub mod proxy;
pub mod route;
pub mod server;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;

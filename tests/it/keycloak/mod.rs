//! The same scenarios against a real Keycloak, started once for all of them; a realm per test.
//!
//! The server is found by `KEYCLOAK_URL` (with `KEYCLOAK_ADMIN` and `KEYCLOAK_ADMIN_PASSWORD`) or `KEYCLOAK_HOME`, or is
//! brought by Maven. Where it cannot be had these tests say so and pass; `GATECLOAK_KEYCLOAK=required` makes that a failure.

mod admin;
mod counters;
mod differential;
mod enforcer;
mod introspection;
mod local;
mod own;
mod process;
mod rotation;
mod scene;
mod server;
mod stale;
mod tokens;
mod uma;
#[cfg(target_os = "linux")]
mod verified;

pub(crate) use admin::Realm;
pub(crate) use own::OwnKeycloak;
pub(crate) use scene::{ROUTES, Scene};
pub(crate) use server::keycloak;

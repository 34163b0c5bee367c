//! What the gateway needs in Keycloak, against the real server.

mod module;
mod state;

//! What the gateway needs in Keycloak, against the real server.

mod bench;
mod demo;
mod files;
mod gateway;
mod interrupted;
mod killed;
mod many;
mod module;
mod options;
mod playbook;
mod policies;
mod recorded;
mod state;

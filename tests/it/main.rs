//! The tests that see gatecloak as its users do, in one binary. The modules mirror what a user sees.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod admin;
mod answers;
mod bootstrap;
mod cli;
mod connection;
mod faults;
mod forward;
mod frames;
mod keycloak;
mod nginx;
mod oidc;
mod operate;
mod security;
mod stage;
mod wire;

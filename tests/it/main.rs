//! The tests that see gatecloak as its users do, in one binary. The modules mirror what a user sees.

mod keycloak;
mod security;
mod stage;

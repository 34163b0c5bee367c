//! Keycloak's policies, compiled: one type each, and what each says of a token.

mod aggregate;
mod client;
mod client_scope;
mod config;
mod facts;
mod group;
mod regex;
mod role;
mod rule;
mod time;
mod user;

#[cfg(test)]
pub(super) use aggregate::AggregateRule;
pub(super) use config::list;
pub(super) use facts::{Facts, Met};
pub(super) use rule::{Policy, Rule};

//! The methods of `KeycloakAdmin`, one file per heading of [`crate::admin`].

mod answer;
mod attack_detection;
mod authenticators;
mod components;
mod events;
mod executions;
mod flows;
mod identity_providers;
mod keys;
mod realms;
mod required_actions;
mod server_info;
mod user_storage;

use serde_json::Value;

use super::args::Args;
use super::failure::Failure;
use crate::admin::{AdminClient, Realm};

/// What a method acts on.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// The whole server.
    pub(super) admin: &'a AdminClient,
    /// The realm that the instance is set to.
    pub(super) realm: Realm,
}

/// Calls a method by python-keycloak's name.
pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Value, Failure> {
    // Each heading gives `None` for a method that is not its own.
    if let Some(value) = attack_detection::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = keys::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = authenticators::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = components::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = events::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = executions::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = flows::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = identity_providers::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = realms::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = required_actions::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = server_info::call(scene, method, args).await? {
        return Ok(value);
    }
    if let Some(value) = user_storage::call(scene, method, args).await? {
        return Ok(value);
    }
    Err(Failure::UnknownMethod(format!("`KeycloakAdmin` has no method `{method}`")))
}

/// What python-keycloak gives back for an answer without a body.
fn done(result: Result<(), crate::connection::CallError>) -> Result<Value, Failure> {
    result.map(|()| Value::Object(serde_json::Map::new())).map_err(Failure::from)
}

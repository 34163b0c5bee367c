//! The methods of `KeycloakAdmin`, one file per heading of [`crate::admin`].

mod answer;
mod attack_detection;
mod authenticators;
mod client_authorization;
mod client_certificates;
mod client_registration;
mod client_scopes;
mod clients;
mod components;
mod events;
mod executions;
mod flows;
mod groups;
mod identity_providers;
mod keys;
mod organizations;
mod protocol_mappers;
mod realms;
mod required_actions;
mod role_mappings;
mod roles;
mod scope_mappings;
mod server_info;
mod user_profile;
mod user_storage;
mod users;

use serde_json::Value;

use self::answer::done;
use super::args::Args;
use super::failure::Failure;
use crate::admin::{AdminClient, Realm};
use crate::connection::Query;

/// What a method acts on.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// The whole server.
    pub(super) admin: &'a AdminClient,
    /// The realm that the instance is set to.
    pub(super) realm: Realm,
}

/// The first of the headings that knows the method; each gives `None` for one that is not its own.
macro_rules! first_of {
    ($scene:ident, $method:ident, $args:ident, [$($heading:ident),* $(,)?]) => {
        $(if let Some(value) = $heading::call($scene, $method, $args).await? {
            return Ok(value);
        })*
    };
}

/// Calls a method by python-keycloak's name.
pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Value, Failure> {
    first_of!(
        scene,
        method,
        args,
        [
            attack_detection,
            authenticators,
            client_authorization,
            client_certificates,
            client_registration,
            client_scopes,
            clients,
            components,
            events,
            executions,
            flows,
            groups,
            identity_providers,
            keys,
            organizations,
            protocol_mappers,
            realms,
            required_actions,
            role_mappings,
            roles,
            scope_mappings,
            server_info,
            user_profile,
            user_storage,
            users,
        ]
    );
    Err(Failure::UnknownMethod(format!("`KeycloakAdmin` has no method `{method}`")))
}

/// The query of python-keycloak's parameter `brief_representation`.
fn brief(args: Args<'_>, default: bool) -> Result<Query, Failure> {
    Ok(Query::new().with("briefRepresentation", args.flag("brief_representation", default)?))
}

//! Scope Mappings. Where a name of python-keycloak says client scope and the argument is `client_id`, a client is meant.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let client = || Ok::<_, Failure>(scene.realm.clients().scope_mappings(args.text("client_id")?));
    let scope =
        || Ok::<_, Failure>(scene.realm.client_scopes().scope_mappings(args.text("client_scope_id")?));
    let owner = || args.text("client_roles_owner_id");
    let roles = || args.list("roles");
    Ok(Some(match method {
        "get_realm_roles_of_client_scope" => client()?.realm_roles().await?,
        "assign_realm_roles_to_client_scope" => done(client()?.add_realm_roles(&roles()?).await)?,
        "delete_realm_roles_of_client_scope" => done(client()?.remove_realm_roles(&roles()?).await)?,
        "get_client_roles_of_client_scope" => client()?.client_roles(owner()?).await?,
        "assign_client_roles_to_client_scope" => done(client()?.add_client_roles(owner()?, &roles()?).await)?,
        "delete_client_roles_of_client_scope" => {
            done(client()?.remove_client_roles(owner()?, &roles()?).await)?
        }
        "get_all_roles_of_client_scope" => scope()?.all().await?,
        "get_client_specific_roles_of_client_scope" => scope()?.client_roles(owner()?).await?,
        "add_client_specific_roles_to_client_scope" => {
            done(scope()?.add_client_roles(owner()?, &roles()?).await)?
        }
        "remove_client_specific_roles_of_client_scope" => {
            done(scope()?.remove_client_roles(owner()?, &roles()?).await)?
        }
        _ => return Ok(None),
    }))
}

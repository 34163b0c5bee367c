//! Authorization settings of a client.

use serde_json::Value;

use super::answer::{made, or_exists};
use super::{Scene, done};
use crate::admin::ClientAuthorization;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    if !method.contains("_client_authz_") {
        return Ok(None);
    }
    let authorization = scene.realm.clients().authorization(args.text("client_id")?);
    Ok(Some(match method {
        "get_client_authz_settings" => authorization.export().await?,
        "import_client_authz_config" => done(authorization.import(args.value("payload")?).await)?,
        _ => match entity(&authorization, method, args).await? {
            Some(value) => value,
            None => return policy(&authorization, method, args).await,
        },
    }))
}

/// Resources and scopes.
async fn entity(
    authorization: &ClientAuthorization,
    method: &str,
    args: Args<'_>,
) -> Result<Option<Value>, Failure> {
    let (resources, scopes) = (authorization.resources(), authorization.scopes());
    let payload = || args.value("payload");
    let resource = || args.text("resource_id");
    Ok(Some(match method {
        "get_client_authz_resources" => Value::Array(resources.list(everything()).all().await?),
        "get_client_authz_resource" => resources.get(resource()?).await?,
        "create_client_authz_resource" => or_exists(resources.create(payload()?).await, args)?,
        "update_client_authz_resource" => done(resources.update(resource()?, payload()?).await)?,
        "delete_client_authz_resource" => done(resources.delete(resource()?).await)?,
        "get_client_authz_scopes" => Value::Array(scopes.list(everything()).all().await?),
        "create_client_authz_scopes" => scopes.create(payload()?).await?,
        _ => return Ok(None),
    }))
}

/// Policies and permissions.
async fn policy(
    authorization: &ClientAuthorization,
    method: &str,
    args: Args<'_>,
) -> Result<Option<Value>, Failure> {
    let (policies, clients) = (authorization.policies(), authorization.policies_of("client"));
    let on_resources = authorization.permissions_of("resource");
    let on_scopes = authorization.permissions_of("scope");
    let payload = || args.value("payload");
    let policy = || args.text("policy_id");
    // python-keycloak calls the ids of permissions those of what they are on.
    let (of_resource, of_scope) = (|| args.text("resource_id"), || args.text("scope_id"));
    Ok(Some(match method {
        "get_client_authz_policies" => Value::Array(policies.list(everything()).all().await?),
        "get_client_authz_policy" => policies.get(policy()?).await?,
        "create_client_authz_policy" => or_exists(policies.create(payload()?).await, args)?,
        "delete_client_authz_policy" => done(policies.delete(policy()?).await)?,
        "create_client_authz_role_based_policy" => {
            or_exists(authorization.policies_of("role").create(payload()?).await, args)?
        }
        "get_client_authz_client_policies" => Value::Array(clients.list(everything()).all().await?),
        "create_client_authz_client_policy" => clients.create(payload()?).await?,
        "get_client_authz_policy_scopes" => policies.scopes(policy()?).await?,
        "get_client_authz_policy_resources" => policies.resources(policy()?).await?,
        "get_client_authz_permission_associated_policies" => policies.associated(policy()?).await?,
        "get_client_authz_permissions" => {
            Value::Array(authorization.permissions().list(everything()).all().await?)
        }
        "create_client_authz_resource_based_permission" => {
            or_exists(on_resources.create(payload()?).await, args)?
        }
        "update_client_authz_resource_permission" => {
            made(on_resources.update(of_resource()?, payload()?).await)?
        }
        "create_client_authz_scope_permission" => on_scopes.create(payload()?).await?,
        "get_client_authz_scope_permission" => on_scopes.get(of_scope()?).await?,
        "update_client_authz_scope_permission" => made(on_scopes.update(of_scope()?, payload()?).await)?,
        _ => return Ok(None),
    }))
}

/// A list in one call, as python-keycloak has it.
fn everything() -> Query {
    Query::new().with("max", -1)
}

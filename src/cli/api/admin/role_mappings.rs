//! Role Mapper and Client Role Mappings.

use serde_json::Value;

use super::{Scene, brief, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    match of_user(scene, method, args).await? {
        Some(value) => Ok(Some(value)),
        None => of_group(scene, method, args).await,
    }
}

async fn of_user(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let roles = || args.text("user_id").map(|id| scene.realm.user_roles(id));
    let client = || args.text("client_id");
    let list = || args.list("roles");
    Ok(Some(match method {
        "get_all_roles_of_user" => roles()?.all().await?,
        "get_realm_roles_of_user" => roles()?.realm(Query::new()).await?,
        "get_available_realm_roles_of_user" => roles()?.available_realm().await?,
        "get_composite_realm_roles_of_user" => roles()?.effective_realm(brief(args, true)?).await?,
        "assign_realm_roles" => done(roles()?.add_realm(&list()?).await)?,
        "delete_realm_roles_of_user" => done(roles()?.remove_realm(&list()?).await)?,
        "get_client_roles_of_user" => roles()?.client(client()?).await?,
        "get_available_client_roles_of_user" => roles()?.available_client(client()?).await?,
        "get_composite_client_roles_of_user" => {
            roles()?.effective_client(client()?, brief(args, false)?).await?
        }
        "assign_client_role" => done(roles()?.add_client(client()?, &list()?).await)?,
        "delete_client_roles_of_user" => done(roles()?.remove_client(client()?, &list()?).await)?,
        _ => return Ok(None),
    }))
}

async fn of_group(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let roles = || args.text("group_id").map(|id| scene.realm.group_roles(id));
    let client = || args.text("client_id");
    let list = || args.list("roles");
    Ok(Some(match method {
        "get_group_realm_roles" => roles()?.realm(brief(args, true)?).await?,
        "assign_group_realm_roles" => done(roles()?.add_realm(&list()?).await)?,
        "delete_group_realm_roles" => done(roles()?.remove_realm(&list()?).await)?,
        "get_group_client_roles" => roles()?.client(client()?).await?,
        "get_composite_client_roles_of_group" => {
            roles()?.effective_client(client()?, brief(args, true)?).await?
        }
        "assign_group_client_roles" => done(roles()?.add_client(client()?, &list()?).await)?,
        "delete_group_client_roles" => done(roles()?.remove_client(client()?, &list()?).await)?,
        _ => return Ok(None),
    }))
}

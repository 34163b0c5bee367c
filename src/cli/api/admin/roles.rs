//! Roles, of the realm and of clients, by name and by id.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Scene, brief, done};
use crate::admin::Roles;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

/// What the server does not encode in the last part of `Location`.
const PLAIN: &AsciiSet = &{
    let unreserved = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let most = unreserved.remove(b'!').remove(b'$').remove(b'&').remove(b'\'').remove(b'(').remove(b')');
    most.remove(b'*').remove(b'+').remove(b',').remove(b';').remove(b'=').remove(b':').remove(b'@')
};

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    if let Some(value) = of_realm(&scene.realm.roles(), method, args).await? {
        return Ok(Some(value));
    }
    if let Some(value) = of_client(scene, method, args).await? {
        return Ok(Some(value));
    }
    by_id(scene, method, args).await
}

async fn of_realm(roles: &Roles, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let name = || args.text("role_name");
    Ok(Some(match method {
        "get_realm_roles" => {
            let query = brief(args, true)?;
            let search = args.optional_text("search_text")?;
            roles
                .list(search.into_iter().fold(query, |query, text| query.with("search", text)))
                .all()
                .await?
                .into()
        }
        "get_realm_role" => roles.get(name()?).await?,
        "create_realm_role" => create(roles, args).await?,
        "update_realm_role" => done(roles.update(name()?, args.value("payload")?).await)?,
        "delete_realm_role" => done(roles.delete(name()?).await)?,
        "get_realm_role_members" => {
            roles.members(name()?, without_page(&args.query("query")?)).all().await?.into()
        }
        "get_realm_role_groups" => {
            let is_brief = args.flag("brief_representation", true)?;
            let query = args.query("query")?.replacing("briefRepresentation", is_brief);
            roles.groups(name()?, query).all().await?.into()
        }
        "get_composite_realm_roles_of_role" => roles.composites(name()?).await?,
        "add_composite_realm_roles_to_role" => {
            done(roles.add_composites(name()?, &args.list("roles")?).await)?
        }
        "remove_composite_realm_roles_to_role" => {
            done(roles.remove_composites(name()?, &args.list("roles")?).await)?
        }
        _ => return Ok(None),
    }))
}

async fn of_client(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let roles = |argument: &str| Ok::<Roles, Failure>(scene.realm.client_roles(args.text(argument)?));
    let name = || args.text("role_name");
    let query = || without_page(&args.query_beside(&["client_id", "role_name"]));
    // The id of the client is `client_id` in some and `client_role_id` in others.
    Ok(Some(match method {
        "get_client_roles" => roles("client_id")?.list(brief(args, true)?).all().await?.into(),
        "get_client_role" => roles("client_id")?.get(name()?).await?,
        "get_client_role_id" => roles("client_id")?.id(name()?).await?.into(),
        "create_client_role" => create(&roles("client_role_id")?, args).await?,
        "update_client_role" => done(roles("client_role_id")?.update(name()?, args.value("payload")?).await)?,
        "delete_client_role" => done(roles("client_role_id")?.delete(name()?).await)?,
        "get_client_role_members" => roles("client_id")?.members(name()?, query()).all().await?.into(),
        "get_client_role_groups" => roles("client_id")?.groups(name()?, query()).all().await?.into(),
        "get_composite_client_roles_of_role" => roles("client_id")?.composites(name()?).await?,
        "add_composite_client_roles_to_role" => {
            done(roles("client_role_id")?.add_composites(name()?, &args.list("roles")?).await)?
        }
        "remove_composite_client_roles_from_role" => {
            done(roles("client_role_id")?.remove_composites(name()?, &args.list("roles")?).await)?
        }
        _ => return Ok(None),
    }))
}

async fn by_id(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let (roles, defaults) = (scene.realm.roles_by_id(), scene.realm.default_roles());
    let id = || args.text("role_id");
    Ok(Some(match method {
        "get_role_by_id" | "get_realm_role_by_id" => roles.get(id()?).await?,
        "update_role_by_id" => done(roles.update(id()?, args.value("payload")?).await)?,
        "delete_role_by_id" => done(roles.delete(id()?).await)?,
        "get_role_composites_by_id" => roles.composites(id()?, args.query("query")?).all().await?.into(),
        "get_role_client_level_children" => roles.client_composites(id()?, args.text("client_id")?).await?,
        "get_default_realm_role_id" => defaults.id().await?.into(),
        "get_realm_default_roles" => defaults.list().await?,
        "add_realm_default_roles" => done(defaults.add(&args.list("payload")?).await)?,
        "remove_realm_default_roles" => done(defaults.remove(&args.list("payload")?).await)?,
        _ => return Ok(None),
    }))
}

/// The name: as it is of a role that `skip_exists` met, as `Location` has it of one that was made.
async fn create(roles: &Roles, args: Args<'_>) -> Result<Value, Failure> {
    let role = args.value("payload")?;
    let skip = args.flag("skip_exists", false)?;
    match roles.create(role).await {
        Err(error) if skip && error.is_conflict() => Ok(role.get("name").cloned().unwrap_or_default()),
        result => Ok(utf8_percent_encode(&result?, PLAIN).to_string().into()),
    }
}

/// These methods give the whole list, even if they are asked for a page.
fn without_page(query: &Query) -> Query {
    let is_page = |name: &str| matches!(name, "first" | "max");
    query.pairs().iter().filter(|(name, _)| !is_page(name)).cloned().collect()
}

//! Groups.

use serde_json::{Value, json};

use super::{Scene, done};
use crate::admin::Groups;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let groups = scene.realm.groups();
    let id = || args.text("group_id");
    Ok(Some(match method {
        "get_groups" => list(&groups, args).await?,
        "groups_count" => json!({"count": groups.count(args.query("query")?).await?}),
        "get_group" => get(&groups, args).await?,
        "get_group_children" => children(&groups, args).await?,
        "get_group_members" => groups.members(id()?, args.query("query")?).all().await?.into(),
        "get_subgroups" => groups.subgroup(args.value("group")?, args.text("path")?).await?.into(),
        "get_group_by_path" => by_path(&groups, args).await?,
        "create_group" => create(&groups, args).await?,
        "update_group" => done(groups.update(id()?, args.value("payload")?).await)?,
        "group_set_permissions" => groups.set_permissions(id()?, args.flag("enabled", true)?).await?,
        "delete_group" => done(groups.delete(id()?).await)?,
        _ => return Ok(None),
    }))
}

/// With the groups below them, as servers before Keycloak 23 gave them, unless `full_hierarchy` is false. A search says by
/// itself which groups below are meant.
async fn list(groups: &Groups, args: Args<'_>) -> Result<Value, Failure> {
    let query = args.query("query")?;
    let whole = args.flag("full_hierarchy", true)? && !query.has("search") && !query.has("q");
    let mut found = groups.list(query).all().await?;
    if whole {
        for group in &mut found {
            groups.fill(group).await?;
        }
    }
    Ok(found.into())
}

/// With the groups below it, as [`list`] has them.
async fn get(groups: &Groups, args: Args<'_>) -> Result<Value, Failure> {
    let mut group = groups.get(args.text("group_id")?).await?;
    if args.flag("full_hierarchy", true)? {
        groups.fill(&mut group).await?;
    }
    Ok(group)
}

async fn children(groups: &Groups, args: Args<'_>) -> Result<Value, Failure> {
    let (id, query) = (args.text("group_id")?, args.query("query")?);
    if !args.flag("full_hierarchy", false)? {
        return Ok(groups.children(id, query).all().await?.into());
    }
    if !query.pairs().is_empty() {
        return Err(Failure::Argument("`query` and `full_hierarchy` do not go together".to_owned()));
    }
    Ok(groups.tree(id).await?.into())
}

/// Without `search_in_subgroups` only a group of the highest level is meant, as in the versions of python-keycloak that
/// have the argument.
async fn by_path(groups: &Groups, args: Args<'_>) -> Result<Value, Failure> {
    let anywhere = args.flag("search_in_subgroups", false)?;
    let found = groups.by_path(args.text("path")?).await?;
    Ok(found.filter(|group| anywhere || group.get("parentId").is_none()).into())
}

/// With `skip_exists` a group that is there already is `null`.
async fn create(groups: &Groups, args: Args<'_>) -> Result<Value, Failure> {
    let skip = args.flag("skip_exists", false)?;
    match groups.create(args.value("payload")?, args.optional_text("parent")?).await {
        Err(error) if skip && error.is_conflict() => Ok(Value::Null),
        result => Ok(result?.into()),
    }
}

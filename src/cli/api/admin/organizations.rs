//! Organizations.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let organizations = scene.realm.organizations();
    let id = || args.text("organization_id");
    let alias = || args.text("idp_alias");
    let user = || args.text("user_id");
    Ok(Some(match method {
        "get_organizations" => organizations.list(args.query("query")?).all().await?.into(),
        "get_organization" => organizations.get(id()?).await?,
        "create_organization" => organizations.create(args.value("payload")?).await?.into(),
        "update_organization" => done(organizations.update(id()?, args.value("payload")?).await)?,
        "delete_organization" => done(organizations.delete(id()?).await)?,
        "get_organization_idps" => organizations.identity_providers(id()?).await?,
        "organization_idp_add" => done(organizations.add_identity_provider(id()?, alias()?).await)?,
        "organization_idp_remove" => done(organizations.remove_identity_provider(id()?, alias()?).await)?,
        "get_organization_members" => organizations.members(id()?, args.query("query")?).all().await?.into(),
        "get_organization_members_count" => organizations.count_members(id()?).await?.into(),
        // The server answers 201 without a body.
        "organization_user_add" => {
            organizations.add_member(id()?, user()?).await.map(|()| Value::String(String::new()))?
        }
        "organization_user_remove" => done(organizations.remove_member(id()?, user()?).await)?,
        "get_user_organizations" => organizations.of_user(user()?).await?,
        _ => return Ok(None),
    }))
}

//! Identity Providers.

use serde_json::Value;

use super::answer::made;
use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let providers = scene.realm.identity_providers();
    Ok(Some(match method {
        "get_idps" => providers.list(Query::new()).await?,
        "get_idp" => providers.get(args.text("idp_alias")?).await?,
        "create_idp" => made(providers.create(args.value("payload")?).await)?,
        "update_idp" => {
            let alias = args.text("idp_alias")?;
            done(providers.update(alias, args.value("payload")?).await)?
        }
        "delete_idp" => done(providers.delete(args.text("idp_alias")?).await)?,
        "get_idp_mappers" => providers.mappers(args.text("idp_alias")?).await?,
        "add_mapper_to_idp" => {
            let alias = args.text("idp_alias")?;
            made(providers.add_mapper(alias, args.value("payload")?).await)?
        }
        "update_mapper_in_idp" => {
            let (alias, id) = (args.text("idp_alias")?, args.text("mapper_id")?);
            done(providers.update_mapper(alias, id, args.value("payload")?).await)?
        }
        _ => return Ok(None),
    }))
}

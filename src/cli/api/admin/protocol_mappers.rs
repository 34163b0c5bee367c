//! Protocol Mappers.

use serde_json::Value;

use super::answer::made;
use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let client = || Ok::<_, Failure>(scene.realm.clients().mappers(args.text("client_id")?));
    let scope = || Ok::<_, Failure>(scene.realm.client_scopes().mappers(args.text("client_scope_id")?));
    Ok(Some(match method {
        "get_mappers_from_client" => client()?.list().await?,
        "add_mapper_to_client" => made(client()?.create(args.value("payload")?).await)?,
        "update_client_mapper" => {
            done(client()?.update(args.text("mapper_id")?, args.value("payload")?).await)?
        }
        "remove_client_mapper" => done(client()?.delete(args.text("client_mapper_id")?).await)?,
        "get_mappers_from_client_scope" => scope()?.list().await?,
        "add_mapper_to_client_scope" => made(scope()?.create(args.value("payload")?).await)?,
        "update_mapper_in_client_scope" => {
            done(scope()?.update(args.text("protocol_mapper_id")?, args.value("payload")?).await)?
        }
        "delete_mapper_from_client_scope" => done(scope()?.delete(args.text("protocol_mapper_id")?).await)?,
        _ => return Ok(None),
    }))
}

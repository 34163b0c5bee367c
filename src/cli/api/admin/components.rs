//! Component.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let components = scene.realm.components();
    Ok(Some(match method {
        "get_components" => components.list(args.query("query")?).await?,
        "create_component" => components.create(args.value("payload")?).await?.into(),
        "get_component" => components.get(args.text("component_id")?).await?,
        "update_component" => {
            let id = args.text("component_id")?;
            done(components.update(id, args.value("payload")?).await)?
        }
        "delete_component" => done(components.delete(args.text("component_id")?).await)?,
        _ => return Ok(None),
    }))
}

//! Directories that users come from.

use serde_json::Value;

use super::Scene;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    Ok(Some(match method {
        "sync_users" => {
            let (id, action) = (args.text("storage_id")?, args.text("action")?);
            scene.realm.user_storage().sync(id, action).await?
        }
        _ => return Ok(None),
    }))
}

//! What the server says of itself.

use serde_json::Value;

use super::Scene;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, _: Args<'_>) -> Result<Option<Value>, Failure> {
    Ok(Some(match method {
        "get_server_info" => scene.admin.server_info().await?,
        _ => return Ok(None),
    }))
}

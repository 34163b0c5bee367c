//! User Profile.

use serde_json::Value;

use super::Scene;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let profile = scene.realm.user_profile();
    Ok(Some(match method {
        "get_realm_users_profile" => profile.get().await?,
        "update_realm_users_profile" => profile.update(args.value("payload")?).await?,
        _ => return Ok(None),
    }))
}

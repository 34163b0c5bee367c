//! Authentication Management: what steps there are, and the settings of those in use.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let authenticators = scene.realm.authenticators();
    Ok(Some(match method {
        "get_authenticator_providers" => authenticators.providers().await?,
        "get_authenticator_provider_config_description" => {
            authenticators.config_description(args.text("provider_id")?).await?
        }
        "get_authenticator_config" => authenticators.config(args.text("config_id")?).await?,
        "update_authenticator_config" => {
            let id = args.text("config_id")?;
            done(authenticators.update_config(id, args.value("payload")?).await)?
        }
        "delete_authenticator_config" => done(authenticators.delete_config(args.text("config_id")?).await)?,
        _ => return Ok(None),
    }))
}

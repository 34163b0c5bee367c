//! Client Initial Access.

use serde_json::Value;

use super::Scene;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    Ok(Some(match method {
        "create_initial_access_token" => {
            let (count, expiration) = (number(args, "count")?, number(args, "expiration")?);
            scene.realm.client_registration().create(count, expiration).await?
        }
        _ => return Ok(None),
    }))
}

fn number(args: Args<'_>, name: &str) -> Result<u32, Failure> {
    u32::try_from(args.number(name)?.unwrap_or(1))
        .map_err(|_| Failure::Argument(format!("the argument `{name}` is too small or too large")))
}

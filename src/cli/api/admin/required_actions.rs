//! Authentication Management: required actions.

use serde_json::Value;

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let actions = scene.realm.required_actions();
    Ok(Some(match method {
        "get_required_actions" => actions.list().await?,
        "get_required_action_by_alias" => {
            actions.find(args.text("action_alias")?).await?.unwrap_or(Value::Null)
        }
        "update_required_action" => {
            let alias = args.text("action_alias")?;
            done(actions.update(alias, &ready(args.value("payload")?)?).await)?
        }
        _ => return Ok(None),
    }))
}

/// python-keycloak takes an object, or the text of one.
fn ready(payload: &Value) -> Result<Value, Failure> {
    match payload {
        Value::String(text) => serde_json::from_str(text)
            .map_err(|error| Failure::Argument(format!("the argument `payload` is no JSON: {error}"))),
        other => Ok(other.clone()),
    }
}

//! Authentication Management: the steps of flows.

use serde_json::Value;

use super::answer::made;
use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let executions = scene.realm.executions();
    Ok(Some(match method {
        "get_authentication_flow_execution" => executions.get(args.text("execution_id")?).await?,
        "delete_authentication_flow_execution" => done(executions.delete(args.text("execution_id")?).await)?,
        "change_execution_priority" => {
            let steps = i32::try_from(args.number("diff")?.unwrap_or_default())
                .map_err(|_| Failure::Argument("the argument `diff` is too large".to_owned()))?;
            executions.change_priority(args.text("execution_id")?, steps).await?;
            Value::Null
        }
        "create_execution_config" => {
            let id = args.text("execution_id")?;
            made(executions.create_config(id, args.value("payload")?).await)?
        }
        _ => return Ok(None),
    }))
}

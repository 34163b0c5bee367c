//! Authentication Management: flows.

use serde_json::Value;

use super::answer::{made, made_or_exists};
use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let flows = scene.realm.flows();
    Ok(Some(match method {
        "get_authentication_flows" => flows.list().await?,
        "get_authentication_flow_for_id" => flows.get(args.text("flow_id")?).await?,
        "create_authentication_flow" => made_or_exists(flows.create(args.value("payload")?).await, args)?,
        "update_authentication_flow" => {
            let id = args.text("flow_id")?;
            done(flows.update(id, args.value("payload")?).await)?
        }
        "delete_authentication_flow" => done(flows.delete(args.text("flow_id")?).await)?,
        "copy_authentication_flow" => {
            let new = args.value("payload")?.get("newName").and_then(Value::as_str);
            let new = new.ok_or_else(|| Failure::Argument("the `payload` has no `newName`".to_owned()))?;
            made(flows.copy(args.text("flow_alias")?, new).await)?
        }
        "get_authentication_flow_executions" => flows.executions(args.text("flow_alias")?).await?,
        "update_authentication_flow_executions" => {
            let alias = args.text("flow_alias")?;
            done(flows.update_execution(alias, args.value("payload")?).await)?
        }
        "create_authentication_flow_execution" => {
            let alias = args.text("flow_alias")?;
            made(flows.add_execution(alias, args.value("payload")?).await)?
        }
        "create_authentication_flow_subflow" => {
            let alias = args.text("flow_alias")?;
            made_or_exists(flows.add_subflow(alias, args.value("payload")?).await, args)?
        }
        _ => return Ok(None),
    }))
}

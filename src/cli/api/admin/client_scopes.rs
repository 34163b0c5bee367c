//! Client Scopes.

use serde_json::{Value, json};

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let scopes = scene.realm.client_scopes();
    let id = || args.text("client_scope_id");
    Ok(Some(match method {
        "get_client_scopes" => scopes.list().await?,
        "get_client_scope" => scopes.get(id()?).await?,
        "get_client_scope_by_name" => json!(scopes.find(args.text("client_scope_name")?).await?),
        "create_client_scope" => {
            let scope = args.value("payload")?;
            json!(if args.flag("skip_exists", false)? {
                scopes.create_if_absent(scope).await?
            } else {
                scopes.create(scope).await?
            })
        }
        "update_client_scope" => done(scopes.update(id()?, args.value("payload")?).await)?,
        "delete_client_scope" => done(scopes.delete(id()?).await)?,
        "get_default_default_client_scopes" => scopes.list_default().await?,
        "add_default_default_client_scope" => done(scopes.add_default(args.text("scope_id")?).await)?,
        "delete_default_default_client_scope" => done(scopes.remove_default(args.text("scope_id")?).await)?,
        "get_default_optional_client_scopes" => scopes.list_optional().await?,
        "add_default_optional_client_scope" => done(scopes.add_optional(args.text("scope_id")?).await)?,
        "delete_default_optional_client_scope" => done(scopes.remove_optional(args.text("scope_id")?).await)?,
        _ => return Ok(None),
    }))
}

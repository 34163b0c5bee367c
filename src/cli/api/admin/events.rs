//! Realms Admin: events.

use serde_json::Value;

use super::{Scene, done};
use crate::admin::Pages;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let events = scene.realm.events();
    Ok(Some(match method {
        "get_events" => page(events.list(one_call(args)?)).await?,
        "get_admin_events" => page(events.of_administrators(one_call(args)?)).await?,
        "set_events" => done(events.set_config(args.value("payload")?).await)?,
        _ => return Ok(None),
    }))
}

/// python-keycloak makes one call; this is the page that Keycloak gives for it.
fn one_call(args: Args<'_>) -> Result<Query, Failure> {
    let query = args.query("query")?;
    Ok(if query.has("max") { query } else { query.with("max", 100) })
}

async fn page(pages: Pages) -> Result<Value, Failure> {
    Ok(Value::Array(pages.all().await?))
}

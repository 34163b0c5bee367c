//! Clients.

use serde_json::{Value, json};

use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let clients = scene.realm.clients();
    let id = || args.text("client_id");
    Ok(Some(match method {
        "get_clients" => Value::Array(clients.list(Query::new()).all().await?),
        "get_client" => clients.get(id()?).await?,
        "get_client_id" => json!(clients.id(id()?).await?),
        "create_client" => {
            let client = args.value("payload")?;
            json!(if args.flag("skip_exists", false)? {
                clients.create_if_absent(client).await?
            } else {
                clients.create(client).await?
            })
        }
        "update_client" => done(clients.update(id()?, args.value("payload")?).await)?,
        "delete_client" => done(clients.delete(id()?).await)?,
        "get_client_installation_provider" => {
            clients.installation(id()?, args.text("provider_id")?).await?.value()
        }
        "get_client_service_account_user" => clients.service_account_user(id()?).await?,
        "get_client_secrets" => clients.secret(id()?).await?,
        "generate_client_secrets" => clients.generate_secret(id()?).await?,
        "get_client_all_sessions" => Value::Array(clients.sessions(id()?).all().await?),
        "get_client_sessions_stats" => clients.session_stats().await?,
        "get_client_default_client_scopes" => clients.default_scopes(id()?).await?,
        "add_client_default_client_scope" => {
            done(clients.add_default_scope(id()?, args.text("client_scope_id")?).await)?
        }
        "delete_client_default_client_scope" => {
            done(clients.remove_default_scope(id()?, args.text("client_scope_id")?).await)?
        }
        "get_client_optional_client_scopes" => clients.optional_scopes(id()?).await?,
        "add_client_optional_client_scope" => {
            done(clients.add_optional_scope(id()?, args.text("client_scope_id")?).await)?
        }
        "delete_client_optional_client_scope" => {
            done(clients.remove_optional_scope(id()?, args.text("client_scope_id")?).await)?
        }
        "get_client_management_permissions" => clients.management_permissions(id()?).await?,
        "update_client_management_permissions" => {
            clients.update_management_permissions(id()?, args.value("payload")?).await?
        }
        _ => return Ok(None),
    }))
}

//! Realms Admin.

use serde_json::Value;

use super::answer::{made, made_or_exists};
use super::{Scene, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let realms = scene.admin.realms();
    Ok(Some(match method {
        "get_realms" => realms.list().await?,
        "create_realm" => made_or_exists(realms.create(args.value("payload")?).await, args)?,
        "import_realm" => made(realms.create(args.value("payload")?).await)?,
        "get_realm" => scene.admin.realm(args.text("realm_name")?).get().await?,
        "update_realm" => {
            let realm = scene.admin.realm(args.text("realm_name")?);
            done(realm.update(args.value("payload")?).await)?
        }
        "delete_realm" => done(scene.admin.realm(args.text("realm_name")?).delete().await)?,
        "export_realm" => {
            let clients = args.flag("export_clients", false)?;
            scene.realm.export(clients, args.flag("export_groups_and_role", false)?).await?
        }
        "partial_import_realm" => {
            let realm = scene.admin.realm(args.text("realm_name")?);
            realm.partial_import(args.value("payload")?).await?
        }
        "clear_keys_cache" => done(scene.realm.clear_keys_cache().await)?,
        "clear_realm_cache" => done(scene.realm.clear_realm_cache().await)?,
        "clear_user_cache" => done(scene.realm.clear_user_cache().await)?,
        _ => return Ok(None),
    }))
}

//! Users.

use serde_json::Value;

use super::{Scene, brief, done};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::Query;

pub(super) async fn call(scene: &Scene<'_>, method: &str, args: Args<'_>) -> Result<Option<Value>, Failure> {
    let users = scene.realm.users();
    let id = || args.text("user_id");
    Ok(Some(match method {
        "get_users" => users.list(args.query("query")?).all().await?.into(),
        "users_count" => users.count(args.query("query")?).await?.into(),
        "get_user_id" => users.id(args.text("username")?).await?.into(),
        "get_user" => users.get(id()?).await?,
        "create_user" if args.flag("exist_ok", false)? => {
            users.create_if_absent(args.value("payload")?).await?.into()
        }
        "create_user" => users.create(args.value("payload")?).await?.into(),
        "update_user" => done(users.update(id()?, args.value("payload")?).await)?,
        "enable_user" => done(users.enable(id()?).await)?,
        "disable_user" => done(users.disable(id()?).await)?,
        "enable_all_users" => users.enable_all().await.map(|_| Value::Null)?,
        "disable_all_users" => users.disable_all().await.map(|_| Value::Null)?,
        "delete_user" => done(users.delete(id()?).await)?,
        "set_user_password" => {
            let temporary = args.flag("temporary", true)?;
            done(users.reset_password(id()?, args.text("password")?, temporary).await)?
        }
        "get_credentials" => users.credentials(id()?).await?,
        "delete_credential" => done(users.delete_credential(id()?, args.text("credential_id")?).await)?,
        "user_consents" => users.consents(id()?).await?,
        "revoke_consent" => done(users.revoke_consent(id()?, args.text("client_id")?).await)?,
        "get_user_social_logins" => users.social_logins(id()?).await?,
        "add_user_social_login" => {
            let (provider, their_id) = (args.text("provider_id")?, args.text("provider_userid")?);
            let their_name = args.text("provider_username")?;
            done(users.add_social_login(id()?, provider, their_id, their_name).await)?
        }
        "delete_user_social_login" => {
            done(users.delete_social_login(id()?, args.text("provider_id")?).await)?
        }
        "send_update_account" => {
            let query = mail_query(args, &["client_id", "lifespan", "redirect_uri"]);
            done(users.send_update_account(id()?, args.value("payload")?, query).await)?
        }
        "send_verify_email" => {
            let query = mail_query(args, &["client_id", "redirect_uri"]);
            done(users.send_verify_email(id()?, query).await)?
        }
        "get_user_groups" => users.groups(id()?, brief(args, true)?).all().await?.into(),
        "group_user_add" => done(users.join(id()?, args.text("group_id")?).await)?,
        "group_user_remove" => done(users.leave(id()?, args.text("group_id")?).await)?,
        "get_sessions" => users.sessions(id()?).await?,
        "user_logout" => done(users.logout(id()?).await)?,
        _ => return Ok(None),
    }))
}

/// Those of the arguments that belong into the query of a mail.
fn mail_query(args: Args<'_>, names: &[&str]) -> Query {
    let given = args.query_beside(&["user_id", "payload"]);
    given.pairs().iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
}

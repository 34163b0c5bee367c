//! `default_roles`: roles of a client that every user of the realm has. The member `defaultRoles` of a client is taken and
//! dropped by a Keycloak of today, so they are made, and put into the realm's default role.

use serde_json::{Value, json};

use super::change::Change;
use super::error::BootstrapError;
use super::task::WantedClient;
use crate::admin::Realm;
use crate::connection::Query;

/// The member of the representation.
const MEMBER: &str = "defaultRoles";

/// The wanted roles that not every user has.
pub(super) async fn missing(
    realm: &Realm,
    wanted: &WantedClient,
    client: Option<&str>,
) -> Result<Vec<String>, BootstrapError> {
    let names = wanted.fields.get(MEMBER).and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = names.filter_map(Value::as_str).map(str::to_owned).collect();
    let Some(client) = client.filter(|_| !names.is_empty()) else { return Ok(names) };
    let default = realm.default_roles().id().await?;
    let held = realm.roles_by_id().composites(&default, Query::new()).all().await?;
    let is_held = |name: &str| {
        held.iter().any(|role| {
            role.get("containerId").and_then(Value::as_str) == Some(client)
                && role.get("name").and_then(Value::as_str) == Some(name)
        })
    };
    Ok(names.into_iter().filter(|name| !is_held(name)).collect())
}

/// The change that giving them is.
pub(super) fn change(missing: &[String]) -> Option<Change> {
    let added = || Value::from_iter(missing.iter().map(String::as_str));
    (!missing.is_empty()).then(|| Change { path: MEMBER.to_owned(), before: None, after: Some(added()) })
}

/// Whether a change is one of those that [`give`] sees to.
pub(super) fn is_about(change: &Change) -> bool {
    change.path == MEMBER
}

/// Makes them where they are not there, and gives them to every user.
pub(super) async fn give(realm: &Realm, client: &str, missing: &[String]) -> Result<(), BootstrapError> {
    let roles = realm.client_roles(client);
    let mut found = Vec::new();
    for name in missing {
        roles.create_if_absent(&json!({"name": name})).await?;
        found.push(roles.get(name).await?);
    }
    if !found.is_empty() {
        realm.default_roles().add(&Value::Array(found)).await?;
    }
    Ok(())
}

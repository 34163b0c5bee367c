//! The account that brings things about: a client of its own with just the roles that its work needs.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::desired::{Desired, DesiredClient, WantedMappings};
use super::error::BootstrapError;
use super::item::Item;
use super::plan::Plan;
use super::secret;
use super::task::TaskError;
use crate::admin::AdminClient;

/// What the account may do, by the name of the role: each with the reason.
pub type Rights = BTreeMap<String, &'static str>;

/// What was made, and the account's secret.
#[derive(Debug)]
pub struct Initialized {
    /// Whether the realm had to be made.
    pub made_realm: bool,
    /// What was done about the client.
    pub items: Vec<Item>,
    /// What it may do.
    pub rights: Rights,
    /// The client's secret.
    pub secret: SecretString,
}

/// Why there is no such account.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The server said no, or nothing.
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    /// The client cannot be described.
    #[error(transparent)]
    Task(#[from] TaskError),
}

/// Makes the realm, if it is not there, and the client `client_id` in it, with the roles that the wanted state needs; roles
/// that it has beside them stay. The login has to be an administrator's, who may make realms if it is not there.
pub async fn init(admin: &AdminClient, client_id: &str, desired: &Desired) -> Result<Initialized, InitError> {
    let name = desired.realm.as_str();
    let made_realm = ensure_realm(admin, name).await?;
    let realm = admin.realm(name);
    let rights = rights(desired);
    let account = account(name, client_id, &rights)?;
    let wanted = Desired { realm: name.to_owned(), clients: vec![account], ..Desired::default() };
    let mut plan = Plan::apply(&realm, &wanted, |_, _| {}).await?;
    if let Some((_, error)) = plan.failures.pop() {
        return Err(error.into());
    }
    let items = plan.items.into_iter().filter(Item::is_due).collect();
    let secret = secret::of(&realm, client_id).await?;
    Ok(Initialized { made_realm, items, rights, secret })
}

async fn ensure_realm(admin: &AdminClient, name: &str) -> Result<bool, BootstrapError> {
    match admin.realm(name).get().await {
        Ok(_) => return Ok(false),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    admin.realms().create_if_absent(&json!({"realm": name, "enabled": true})).await?;
    Ok(true)
}

/// The roles of the client `realm-management` that bringing this about takes.
fn rights(desired: &Desired) -> Rights {
    let mut rights = Rights::new();
    let mut give = |role: &str, reason| {
        rights.entry(role.to_owned()).or_insert(reason);
    };
    give("manage-clients", "clients with their secrets, roles and authorization settings; client scopes");
    give("view-clients", "the same, to compare");
    let has = |name: &str| desired.clients.iter().any(|client| client.wanted.fields.contains_key(name));
    if has("authorizationSettings") {
        give("manage-authorization", "resources, scopes, policies, permissions");
    }
    let accounts = desired.clients.iter().map(|client| &client.service_account);
    let given: Vec<&WantedMappings> = accounts
        .chain(desired.groups.iter().map(|group| &group.roles))
        .filter(|mappings| !mappings.is_empty())
        .collect();
    if !given.is_empty() || !desired.groups.is_empty() {
        give("manage-users", "groups, and the roles of groups and service accounts");
    }
    let mut composites = desired.clients.iter().flat_map(|client| &client.roles).map(|role| &role.composites);
    let has_composites = composites.any(|mappings| !mappings.realm_roles.is_empty());
    if !desired.realm_roles.is_empty() || has("defaultRoles") || has_composites {
        give(
            "manage-realm",
            "realm roles, the roles that everybody has, realm roles that a role brings along",
        );
    } else if given.iter().any(|mappings| !mappings.realm_roles.is_empty()) {
        give("view-realm", "realm roles, to give them");
    }
    // Nobody gives away a role over the realm that he has not.
    for mappings in given {
        for role in mappings.client_roles.get("realm-management").into_iter().flatten() {
            rights.entry(role.clone()).or_insert("to give it to a service account or a group");
        }
    }
    rights
}

fn account(realm: &str, client_id: &str, rights: &Rights) -> Result<DesiredClient, TaskError> {
    // The master realm has a client of another name for its own management.
    let manager = if realm == "master" { "master-realm" } else { "realm-management" };
    let options = json!({
        "client_id": client_id,
        "name": "Brings about what gatecloak needs",
        "public_client": false,
        "standard_flow_enabled": false,
        "implicit_flow_enabled": false,
        "direct_access_grants_enabled": false,
        "service_accounts_enabled": true,
        "service_account": {"client_roles": {manager: rights.keys().collect::<Vec<_>>()}},
    });
    let members: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
    DesiredClient::read(realm, members)
}

#[cfg(test)]
mod tests;

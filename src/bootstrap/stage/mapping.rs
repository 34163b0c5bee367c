//! Roles that somebody lacks: they are added, none is taken away.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::admin::Realm;
use crate::bootstrap::change::Change;
use crate::bootstrap::desired::WantedMappings;
use crate::bootstrap::error::BootstrapError;

/// What somebody lacks: roles, by name, of the realm and of clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing {
    realm: Vec<String>,
    clients: BTreeMap<String, Vec<String>>,
}

impl Missing {
    /// What is wanted and not held; `holds` says of a client (none: the realm) and a role whether it is.
    pub(super) fn of(wanted: &WantedMappings, holds: impl Fn(Option<&str>, &str) -> bool) -> Self {
        let lacking = |client: Option<&str>, roles: &[String]| -> Vec<String> {
            roles.iter().filter(|role| !holds(client, role)).cloned().collect()
        };
        let clients =
            wanted.client_roles.iter().map(|(client, roles)| (client.clone(), lacking(Some(client), roles)));
        Self {
            realm: lacking(None, &wanted.realm_roles),
            clients: clients.filter(|(_, roles)| !roles.is_empty()).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.realm.is_empty() && self.clients.is_empty()
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        let added = |path: String, roles: &[String]| Change {
            path,
            before: None,
            after: Some(Value::from_iter(roles.iter().map(String::as_str))),
        };
        let realm = (!self.realm.is_empty()).then(|| added("realm_roles".to_owned(), &self.realm));
        let clients =
            self.clients.iter().map(|(client, roles)| added(format!("client_roles.{client}"), roles));
        realm.into_iter().chain(clients).collect()
    }

    /// The representations of the roles of the realm.
    pub(super) async fn realm_roles(&self, realm: &Realm) -> Result<Option<Value>, BootstrapError> {
        let mut found = Vec::new();
        for name in &self.realm {
            found.push(realm.roles().get(name).await?);
        }
        Ok((!found.is_empty()).then_some(Value::Array(found)))
    }

    /// The id of each client, and the representations of its roles.
    pub(super) async fn client_roles(&self, realm: &Realm) -> Result<Vec<(String, Value)>, BootstrapError> {
        let mut all = Vec::new();
        for (client, names) in &self.clients {
            let id =
                realm.clients().id(client).await?.ok_or_else(|| BootstrapError::NoClient(client.clone()))?;
            let mut found = Vec::new();
            for name in names {
                found.push(realm.client_roles(&id).get(name).await?);
            }
            all.push((id, Value::Array(found)));
        }
        Ok(all)
    }
}

/// Whether the answer of `role-mappings` holds a role.
pub(super) fn holds(mappings: &Value, client: Option<&str>, role: &str) -> bool {
    let list = match client {
        None => mappings.get("realmMappings"),
        Some(client) => {
            mappings.get("clientMappings").and_then(|clients| clients.get(client)?.get("mappings"))
        }
    };
    let mut roles = list.and_then(Value::as_array).into_iter().flatten();
    roles.any(|own| own.get("name").and_then(Value::as_str) == Some(role))
}

/// Gives the roles to a user or a group.
pub(super) async fn give(
    realm: &Realm,
    mappings: &crate::admin::RoleMappings,
    missing: &Missing,
) -> Result<(), BootstrapError> {
    if let Some(roles) = missing.realm_roles(realm).await? {
        mappings.add_realm(&roles).await?;
    }
    for (client, roles) in missing.client_roles(realm).await? {
        mappings.add_client(&client, &roles).await?;
    }
    Ok(())
}

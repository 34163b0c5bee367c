//! The roles that a role brings along.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Step;
use super::mapping::Missing;
use crate::admin::{Realm, Roles};
use crate::bootstrap::desired::{Desired, State, WantedRole};
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let is_about = |role: &&WantedRole| role.state == State::Present && !role.composites.is_empty();
    let mut steps = Vec::new();
    for role in desired.realm_roles.iter().filter(is_about) {
        steps.extend(step(realm, &role.name, role, realm.roles()).await?);
    }
    for client in &desired.clients {
        let label = client.wanted.label();
        let mut roles = client.roles.iter().filter(is_about).peekable();
        if roles.peek().is_none() {
            continue;
        }
        let id = realm.clients().id(label).await?.unwrap_or_default();
        for role in roles {
            steps
                .extend(step(realm, &format!("{label}/{}", role.name), role, realm.client_roles(&id)).await?);
        }
    }
    Ok(steps)
}

async fn step(
    realm: &Realm,
    name: &str,
    wanted: &WantedRole,
    roles: Roles,
) -> Result<Option<Step>, BootstrapError> {
    let there = match roles.composites(&wanted.name).await {
        Ok(there) => there,
        // It is made in this very plan.
        Err(error) if error.is_not_found() => Value::Array(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut ids = BTreeMap::new();
    for client in wanted.composites.client_roles.keys() {
        ids.insert(client.clone(), realm.clients().id(client).await?);
    }
    let holds = |client: Option<&str>, role: &str| {
        let container = client.map(|client| ids.get(client).and_then(Option::as_deref));
        there.as_array().into_iter().flatten().any(|own| {
            let is_of_client = own.get("clientRole") == Some(&Value::Bool(true));
            let is_same = own.get("name").and_then(Value::as_str) == Some(role);
            is_same
                && match container {
                    None => !is_of_client,
                    Some(id) => is_of_client && own.get("containerId").and_then(Value::as_str) == id,
                }
        })
    };
    let missing = Missing::of(&wanted.composites, holds);
    if missing.is_empty() {
        return Ok(Some(Step::keep(Kind::Composites, name)));
    }
    let role = wanted.name.clone();
    let item = Item::act(Kind::Composites, name, Action::Update, missing.changes());
    Ok(Some(Step::new(item, |realm| async move {
        if let Some(added) = missing.realm_roles(&realm).await? {
            roles.add_composites(&role, &added).await?;
        }
        for (_, added) in missing.client_roles(&realm).await? {
            roles.add_composites(&role, &added).await?;
        }
        Ok(())
    })))
}

//! Taking away what was made here: only what carries the owner's mark.

use serde_json::Value;

use super::desired::Desired;
use super::error::BootstrapError;
use super::item::{Action, Item, Kind};
use super::mark;
use super::plan::Plan;
use super::stage::Step;
use crate::admin::{Realm, Roles};
use crate::connection::Query;

impl Plan {
    /// What carries the owner's mark: groups, roles of clients that are somebody else's, clients, client scopes and realm
    /// roles; with `write` it is deleted, in this order. A group that has one below it without the mark stays, and of
    /// clients that are somebody else's only those are looked at that the wanted state names.
    ///
    /// Without an owner there is nothing.
    pub async fn destroy(realm: &Realm, desired: &Desired, write: bool) -> Result<Self, BootstrapError> {
        let mut plan = Self::default();
        let Some(owner) = desired.owner.as_deref() else { return Ok(plan) };
        let mut steps = groups(realm, owner).await?;
        let clients = realm.clients().list(Query::new()).all().await?;
        steps.extend(client_roles(realm, owner, desired, &clients).await?);
        steps.extend(clients.iter().filter(|client| mark::owner(client) == Some(owner)).filter_map(
            |client| {
                let id = text(client, "id")?;
                Some(delete(Kind::Client, &text(client, "clientId")?, |realm| async move {
                    Ok(realm.clients().delete(&id).await?)
                }))
            },
        ));
        let scopes = realm.client_scopes().list().await?;
        let scopes = scopes.as_array().into_iter().flatten();
        steps.extend(scopes.filter(|scope| mark::owner(scope) == Some(owner)).filter_map(|scope| {
            let id = text(scope, "id")?;
            Some(delete(Kind::ClientScope, &text(scope, "name")?, |realm| async move {
                Ok(realm.client_scopes().delete(&id).await?)
            }))
        }));
        let marked = marked(&realm.roles(), owner).await?;
        steps.extend(marked.into_iter().map(|name| {
            let role = name.clone();
            delete(Kind::RealmRole, &name, |realm| async move { Ok(realm.roles().delete(&role).await?) })
        }));
        for step in steps {
            if write {
                match (step.work)(realm.clone()).await {
                    Ok(()) => plan.items.push(step.item),
                    Err(BootstrapError::Call(error)) if error.is_not_found() => {}
                    Err(error) => plan.failures.push((step.item, error)),
                }
            } else {
                plan.items.push(step.item);
            }
        }
        Ok(plan)
    }
}

fn delete<F>(kind: Kind, name: &str, work: impl FnOnce(Realm) -> F + Send + 'static) -> Step
where
    F: Future<Output = Result<(), BootstrapError>> + Send + 'static,
{
    Step::new(Item::act(kind, name, Action::Delete, Vec::new()), work)
}

/// Those that are lowest first.
async fn groups(realm: &Realm, owner: &str) -> Result<Vec<Step>, BootstrapError> {
    let query =
        Query::new().with("q", format!("{}:\"{owner}\"", mark::MARK)).with("briefRepresentation", false);
    let mut found = Vec::new();
    for mut group in realm.groups().list(query).all().await? {
        // A search shows only what it found.
        realm.groups().fill(&mut group).await?;
        collect(&group, owner, &mut found);
    }
    Ok(found
        .into_iter()
        .map(|(id, path)| {
            delete(Kind::Group, &path, |realm| async move { Ok(realm.groups().delete(&id).await?) })
        })
        .collect())
}

/// Gives whether the group may go; all of those that may are in `found`.
fn collect(group: &Value, owner: &str, found: &mut Vec<(String, String)>) -> bool {
    let below = group.get("subGroups").and_then(Value::as_array).into_iter().flatten();
    let mut is_ours = mark::owner(group) == Some(owner);
    for group in below {
        is_ours &= collect(group, owner, found);
    }
    if is_ours {
        found.extend(text(group, "id").zip(text(group, "path")));
    }
    is_ours
}

async fn client_roles(
    realm: &Realm,
    owner: &str,
    desired: &Desired,
    clients: &[Value],
) -> Result<Vec<Step>, BootstrapError> {
    let mut steps = Vec::new();
    for wanted in desired.clients.iter().filter(|client| !client.roles.is_empty()) {
        let label = wanted.wanted.label();
        let there =
            clients.iter().find(|client| client.get("clientId").and_then(Value::as_str) == Some(label));
        let Some(there) = there.filter(|client| mark::owner(client) != Some(owner)) else { continue };
        let id = text(there, "id").unwrap_or_default();
        for name in marked(&realm.client_roles(&id), owner).await? {
            let (id, role) = (id.clone(), name.clone());
            steps.push(delete(Kind::ClientRole, &format!("{label}/{name}"), move |realm| async move {
                Ok(realm.client_roles(&id).delete(&role).await?)
            }));
        }
    }
    Ok(steps)
}

/// The names of the roles with the mark.
async fn marked(roles: &Roles, owner: &str) -> Result<Vec<String>, BootstrapError> {
    let all = roles.list(Query::new().with("briefRepresentation", false)).all().await?;
    Ok(all
        .iter()
        .filter(|role| mark::owner(role) == Some(owner))
        .filter_map(|role| text(role, "name"))
        .collect())
}

fn text(thing: &Value, member: &str) -> Option<String> {
    thing.get(member).and_then(Value::as_str).map(str::to_owned)
}

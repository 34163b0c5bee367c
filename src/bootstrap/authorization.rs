//! Authorization settings of a client: resources, scopes, policies and permissions, each by its name.
//!
//! Keycloak takes them whole only when the client is made. Its import adds what is new and deletes nothing. What is there it
//! changes in part: a resource never, a policy only in newer versions (26.0 takes one, and leaves it as it is). So the
//! import gets what is new, and the rest is updated one by one. What the wanted settings do not name is left alone.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::change::Change;
use super::client::object;
use super::error::BootstrapError;
use super::normal;
use super::task::WantedClient;
use crate::admin::Realm;

/// The member of a client.
const SETTINGS: &str = "authorizationSettings";
const LISTS: [&str; 3] = ["scopes", "resources", "policies"];
const SWITCHES: [&str; 3] = ["policyEnforcementMode", "decisionStrategy", "allowRemoteResourceManagement"];

/// What a policy has that does not say otherwise: left out they mean this, and not whatever is there.
const USUAL: [(&str, &str); 2] = [("logic", "POSITIVE"), ("decisionStrategy", "UNANIMOUS")];

/// The way from the settings that are there to those that are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct AuthorizationPlan {
    /// Switches of the resource server that differ.
    switches: Map<String, Value>,
    /// For the import: what is new.
    import: Map<String, Value>,
    /// Resources that are there and differ, as wanted.
    resources: Vec<Map<String, Value>>,
    /// Scopes that are there and differ, as wanted.
    scopes: Vec<Map<String, Value>>,
    /// Policies and permissions that are there and differ, as they are with what is wanted laid over.
    policies: Vec<Map<String, Value>>,
    changes: Vec<Change>,
}

impl AuthorizationPlan {
    /// Compares the wanted settings with those of a client that has authorization services. Only reads.
    pub(super) async fn make(
        realm: &Realm,
        client: &str,
        wanted: &Map<String, Value>,
    ) -> Result<Self, BootstrapError> {
        let there = object(realm.clients().authorization(client).export().await?);
        Ok(Self::between(&there, wanted))
    }

    /// The same, with the client as it is: one whose services are off has nothing to compare with, so all of it is new.
    pub(super) async fn of(
        realm: &Realm,
        client: &Map<String, Value>,
        wanted: &Map<String, Value>,
    ) -> Result<Self, BootstrapError> {
        let is_on = client.get("authorizationServicesEnabled") == Some(&Value::Bool(true));
        match client.get("id").and_then(Value::as_str) {
            Some(id) if is_on => Self::make(realm, id, wanted).await,
            _ => Ok(Self::between(&Map::new(), wanted)),
        }
    }

    pub(super) fn between(there: &Map<String, Value>, wanted: &Map<String, Value>) -> Self {
        let mut plan = Self::default();
        for name in SWITCHES {
            let Some(value) = wanted.get(name).filter(|value| !value.is_null()) else { continue };
            if there.get(name) != Some(value) {
                plan.switches.insert(name.to_owned(), value.clone());
                plan.changes.push(Change {
                    path: path(name),
                    before: there.get(name).cloned(),
                    after: Some(value.clone()),
                });
            }
        }
        for list in LISTS {
            let mut imported = Vec::new();
            for item in items(wanted, list) {
                let same = items(there, list).find(|own| own.get("name") == item.get("name"));
                let before = same.map(|same| form(list, same, Some(item)));
                let after = form(list, item, None);
                let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
                let place = path(&format!("{list}.{name}"));
                match before {
                    Some(before) if before == after => {}
                    None => {
                        plan.changes.push(Change {
                            path: place,
                            before: None,
                            after: Some(Value::Object(after)),
                        });
                        imported.push(Value::Object(item.clone()));
                    }
                    Some(before) => {
                        let inner = Change::between(&before, &after);
                        plan.changes.extend(
                            inner
                                .into_iter()
                                .map(|change| Change { path: format!("{place}.{}", change.path), ..change }),
                        );
                        match list {
                            "resources" => plan.resources.push(item.clone()),
                            "scopes" => plan.scopes.push(item.clone()),
                            _ => {
                                let mut whole = same.cloned().unwrap_or_default();
                                whole
                                    .extend(USUAL.map(|(name, value)| (name.to_owned(), Value::from(value))));
                                whole.extend(item.clone().into_iter().filter(|(_, value)| !value.is_null()));
                                plan.policies.push(whole);
                            }
                        }
                    }
                }
            }
            if !imported.is_empty() {
                plan.import.insert(list.to_owned(), Value::Array(imported));
            }
        }
        if !plan.import.is_empty() {
            // The import takes a switch that is absent for its default.
            for name in SWITCHES {
                let value = wanted.get(name).filter(|value| !value.is_null()).or_else(|| there.get(name));
                plan.import.extend(value.map(|value| (name.to_owned(), value.clone())));
            }
        }
        plan
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Scopes before resources before policies, as each names those before it.
    pub(super) async fn apply(&self, realm: &Realm, client: &str) -> Result<(), BootstrapError> {
        let authorization = realm.clients().authorization(client);
        if !self.switches.is_empty() {
            authorization.update(&Value::Object(self.switches.clone())).await?;
        }
        // Before resources that name them.
        if let Some(scopes) = self.import.get("scopes") {
            for scope in scopes.as_array().into_iter().flatten() {
                authorization.scopes().create(scope).await?;
            }
        }
        for scope in &self.scopes {
            let name = scope.get("name").and_then(Value::as_str).unwrap_or_default();
            let Some(there) = authorization.scopes().find(name).await? else { continue };
            if let Some((id, whole)) = laid_over(there, scope, "id") {
                authorization.scopes().update(&id, &whole).await?;
            }
        }
        for resource in &self.resources {
            let name = resource.get("name").and_then(Value::as_str).unwrap_or_default();
            let Some(there) = authorization.resources().find(name).await? else { continue };
            if let Some((id, whole)) = laid_over(there, resource, "_id") {
                authorization.resources().update(&id, &whole).await?;
            }
        }
        if !self.import.is_empty() {
            authorization.import(&Value::Object(self.import.clone())).await?;
        }
        // After those that are new, as they may name them.
        for policy in &self.policies {
            let name = policy.get("name").and_then(Value::as_str).unwrap_or_default();
            let found = match authorization.policies().find(name).await? {
                Some(found) => Some(found),
                None => authorization.permissions().find(name).await?,
            };
            let id = found.as_ref().and_then(|found| found.get("id")).and_then(Value::as_str);
            // Of all kinds: there what is particular to one has the form of the settings.
            if let Some(id) = id {
                authorization.policies().update(id, &Value::Object(policy.clone())).await?;
            }
        }
        Ok(())
    }
}

/// The settings that are wanted of a client.
pub(super) fn wanted(client: &WantedClient) -> Option<&Map<String, Value>> {
    client.fields.get(SETTINGS).and_then(Value::as_object)
}

/// Settings with just the wanted policies; `None` if there are none.
pub(super) fn policies(client: &WantedClient) -> Option<Map<String, Value>> {
    let policies =
        wanted(client)?.get("policies").filter(|list| list.as_array().is_some_and(|own| !own.is_empty()))?;
    Some(Map::from_iter([("policies".to_owned(), policies.clone())]))
}

/// The client, with all of its settings but the policies.
pub(super) fn without_policies(client: &WantedClient) -> Cow<'_, WantedClient> {
    if policies(client).is_none() {
        return Cow::Borrowed(client);
    }
    let mut client = client.clone();
    if let Some(Value::Object(settings)) = client.fields.get_mut(SETTINGS) {
        settings.remove("policies");
    }
    Cow::Owned(client)
}

/// Whether a change is one of those that [`AuthorizationPlan::apply`] sees to.
pub(super) fn is_about(change: &Change) -> bool {
    change.path.starts_with("authorizationSettings.")
}

fn path(name: &str) -> String {
    format!("authorizationSettings.{name}")
}

fn items<'a>(settings: &'a Map<String, Value>, list: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    settings.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// What is there, with what is wanted laid over, and its id.
fn laid_over(there: Value, wanted: &Map<String, Value>, id: &str) -> Option<(String, Value)> {
    let mut whole = object(there);
    let id = whole.get(id)?.as_str()?.to_owned();
    whole.extend(wanted.clone());
    Some((id, Value::Object(whole)))
}

/// The form in which two are compared. Of what is there only those members count that are `asked` for.
fn form(list: &str, item: &Map<String, Value>, asked: Option<&Map<String, Value>>) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in item {
        let is_asked = asked.is_none_or(|asked| asked.contains_key(name));
        if !is_asked || value.is_null() || ["id", "_id", "owner"].contains(&name.as_str()) {
            continue;
        }
        let value = match (list, name.as_str()) {
            ("resources", "scopes") => names(value),
            ("resources", "uris") => normal::sorted(value),
            ("policies", "config") => config(value),
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    if list == "policies" {
        for (name, usual) in USUAL {
            let value = item.get(name).filter(|value| !value.is_null()).cloned();
            out.insert(name.to_owned(), value.unwrap_or_else(|| Value::from(usual)));
        }
    }
    out
}

/// Scopes by name, whether written as objects or as texts.
fn names(value: &Value) -> Value {
    let names =
        value.as_array().into_iter().flatten().map(|scope| scope.get("name").unwrap_or(scope).clone());
    normal::sorted(&Value::Array(names.collect()))
}

/// Lists and objects stand as JSON in texts, in no order, with members at their default or without.
fn config(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let mut out = Map::new();
    for (name, value) in members {
        let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let value = match parsed {
            Some(Value::Array(items)) => {
                normal::sorted(&Value::Array(items.into_iter().map(without_defaults).collect()))
            }
            _ => normal::text(value),
        };
        let is_default = value == "" || value == Value::Array(Vec::new()) || value == "false";
        if !is_default {
            out.insert(name.clone(), value);
        }
    }
    Value::Object(out)
}

fn without_defaults(item: Value) -> Value {
    match item {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| *value != Value::Bool(false)).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;

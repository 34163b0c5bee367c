//! Client scopes, their mappers, and which of them new clients get.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Step;
use crate::admin::Realm;
use crate::bootstrap::change::Change;
use crate::bootstrap::desired::{Assignment, Desired, State, WantedScope};
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};
use crate::bootstrap::mark;
use crate::bootstrap::normal;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    if desired.client_scopes.is_empty() {
        return Ok(Vec::new());
    }
    let scopes = realm.client_scopes();
    let there = scopes.list().await?;
    let (default, optional) = (names(&scopes.list_default().await?), names(&scopes.list_optional().await?));
    let steps = desired.client_scopes.iter().map(|wanted| {
        let found = there
            .as_array()
            .into_iter()
            .flatten()
            .find(|own| own.get("name").and_then(Value::as_str) == Some(&wanted.name));
        let assigned = match (default.contains(&wanted.name), optional.contains(&wanted.name)) {
            (true, _) => Assignment::Default,
            (false, true) => Assignment::Optional,
            (false, false) => Assignment::None,
        };
        step(wanted, found, assigned, desired.owner.clone())
    });
    Ok(steps.collect())
}

fn step(wanted: &WantedScope, there: Option<&Value>, assigned: Assignment, owner: Option<String>) -> Step {
    let (kind, name) = (Kind::ClientScope, wanted.name.as_str());
    let id = there.and_then(|scope| scope.get("id")).and_then(Value::as_str).map(str::to_owned);
    match (id, wanted.state) {
        (None, State::Absent) => Step::keep(kind, name),
        (Some(id), State::Absent) => {
            let item = Item::act(kind, name, Action::Delete, Vec::new());
            Step::new(item, move |realm| async move { Ok(realm.client_scopes().delete(&id).await?) })
        }
        (id, State::Present) => {
            let before = there.map(|scope| before(scope, wanted)).unwrap_or_default();
            let mut changes = Change::between(&before, &after(wanted));
            if wanted.assignment != Assignment::Unchanged && wanted.assignment != assigned {
                changes.push(Change {
                    path: "assignment".to_owned(),
                    before: Some(word(assigned)),
                    after: Some(word(wanted.assignment)),
                });
            }
            if changes.is_empty() {
                return Step::keep(kind, name);
            }
            let action = if id.is_some() { Action::Update } else { Action::Create };
            let wanted = wanted.clone();
            let there = there.cloned();
            Step::new(Item::act(kind, name, action, changes), move |realm| async move {
                bring_about(&realm, &wanted, id.zip(there), assigned, owner.as_deref()).await
            })
        }
    }
}

async fn bring_about(
    realm: &Realm,
    wanted: &WantedScope,
    there: Option<(String, Value)>,
    assigned: Assignment,
    owner: Option<&str>,
) -> Result<(), BootstrapError> {
    let scopes = realm.client_scopes();
    let id = match there {
        Some((id, there)) => {
            let attributes = there.get("attributes").and_then(Value::as_object).cloned();
            scopes.update(&id, &representation(wanted, attributes.unwrap_or_default())).await?;
            id
        }
        None => {
            let mut marked = Map::new();
            mark::text(&mut marked, owner);
            let mut body = representation(wanted, marked);
            // With the scope, in one call: Keycloak takes a second mapper of the same name, from somebody who does the
            // same at the same time, while of two scopes one is refused.
            if let Some(body) = body.as_object_mut() {
                let mappers = wanted.protocol_mappers.iter().map(normal::mapper).collect();
                body.insert("protocolMappers".to_owned(), Value::Array(mappers));
            }
            scopes.create(&body).await?
        }
    };
    let mappers = scopes.mappers(&id);
    let own = mappers.list().await?;
    for mapper in &wanted.protocol_mappers {
        let same = own.as_array().into_iter().flatten().find(|own| own.get("name") == mapper.get("name"));
        let same = same.and_then(|same| Some((same, same.get("id")?.as_str()?)));
        match same {
            Some((same, _)) if shape(same, mapper) == normal::mapper(mapper) => {}
            Some((_, id)) => mappers.update(id, &normal::mapper(mapper)).await.map(drop)?,
            None => mappers.create(&normal::mapper(mapper)).await.map(drop)?,
        }
    }
    if wanted.assignment != Assignment::Unchanged && wanted.assignment != assigned {
        match assigned {
            Assignment::Default => scopes.remove_default(&id).await?,
            Assignment::Optional => scopes.remove_optional(&id).await?,
            Assignment::Unchanged | Assignment::None => {}
        }
        match wanted.assignment {
            Assignment::Default => scopes.add_default(&id).await?,
            Assignment::Optional => scopes.add_optional(&id).await?,
            Assignment::Unchanged | Assignment::None => {}
        }
    }
    Ok(())
}

/// What is there of what is wanted.
fn before(there: &Value, wanted: &WantedScope) -> Map<String, Value> {
    let mut members = Map::new();
    let asked = after(wanted);
    for name in asked.keys().filter(|name| !["attributes", "protocolMappers"].contains(&name.as_str())) {
        members.extend(there.get(name).map(|value| (name.clone(), value.clone())));
    }
    let own = there.get("attributes");
    let attributes =
        wanted.attributes.keys().filter_map(|name| Some((name.clone(), own?.get(name)?.clone())));
    members.insert("attributes".to_owned(), Value::Object(attributes.collect()));
    let own = there.get("protocolMappers").and_then(Value::as_array).into_iter().flatten();
    let mappers = own.filter_map(|own| {
        let same = wanted.protocol_mappers.iter().find(|mapper| mapper.get("name") == own.get("name"))?;
        Some(shape(own, same))
    });
    let mappers: Vec<Value> = mappers.collect();
    members.insert("protocolMappers".to_owned(), Value::Array(mappers));
    members
}

/// What is wanted, in normal form.
fn after(wanted: &WantedScope) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("name".to_owned(), Value::from(wanted.name.as_str()));
    members.insert("protocol".to_owned(), Value::from(wanted.protocol.as_str()));
    members.extend(
        wanted.description.as_ref().map(|text| ("description".to_owned(), Value::from(text.as_str()))),
    );
    let attributes = wanted.attributes.iter().map(|(name, value)| (name.clone(), normal::text(value)));
    members.insert("attributes".to_owned(), Value::Object(attributes.collect()));
    let mappers = wanted.protocol_mappers.iter().map(normal::mapper);
    members.insert("protocolMappers".to_owned(), Value::Array(mappers.collect()));
    members
}

/// A mapper that is there, with those settings only that the wanted one names.
fn shape(there: &Value, wanted: &Value) -> Value {
    let mut shape = normal::mapper(there);
    if let Some(Value::Object(config)) = shape.get_mut("config") {
        config.retain(|name, _| wanted.get("config").is_some_and(|config| config.get(name).is_some()));
    }
    shape
}

fn representation(wanted: &WantedScope, mut attributes: Map<String, Value>) -> Value {
    attributes.extend(wanted.attributes.iter().map(|(name, value)| (name.clone(), normal::text(value))));
    let mut body = json!({"name": wanted.name, "protocol": wanted.protocol, "attributes": attributes});
    if let (Some(description), Some(body)) = (&wanted.description, body.as_object_mut()) {
        body.insert("description".to_owned(), Value::from(description.as_str()));
    }
    body
}

fn names(list: &Value) -> BTreeSet<String> {
    let names = list.as_array().into_iter().flatten().filter_map(|scope| scope.get("name")?.as_str());
    names.map(str::to_owned).collect()
}

fn word(assignment: Assignment) -> Value {
    Value::from(match assignment {
        Assignment::Unchanged => "unchanged",
        Assignment::Default => "default",
        Assignment::Optional => "optional",
        Assignment::None => "none",
    })
}

//! Groups.

use serde_json::{Map, Value, json};

use super::Step;
use crate::admin::Realm;
use crate::bootstrap::change::Change;
use crate::bootstrap::desired::{Desired, State, WantedGroup};
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};
use crate::bootstrap::mark;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let mut steps = Vec::new();
    for wanted in &desired.groups {
        steps.push(step(realm, wanted, desired.owner.as_deref()).await?);
    }
    Ok(steps)
}

async fn step(realm: &Realm, wanted: &WantedGroup, owner: Option<&str>) -> Result<Step, BootstrapError> {
    let (kind, name) = (Kind::Group, wanted.path.as_str());
    let there = realm.groups().by_path(name).await?;
    let id = there.as_ref().and_then(id);
    if wanted.state == State::Absent {
        let Some(id) = id else { return Ok(Step::keep(kind, name)) };
        let item = Item::act(kind, name, Action::Delete, Vec::new());
        return Ok(Step::new(item, |realm| async move { Ok(realm.groups().delete(&id).await?) }));
    }
    let changes = attributes(wanted, there.as_ref());
    if id.is_some() && changes.is_empty() {
        return Ok(Step::keep(kind, name));
    }
    let action = if id.is_some() { Action::Update } else { Action::Create };
    let (wanted, owner) = (wanted.clone(), owner.map(str::to_owned));
    Ok(Step::new(Item::act(kind, name, action, changes), |realm| async move {
        let id = make(&realm, &wanted.path, owner.as_deref()).await?;
        if let Some(attributes) = &wanted.attributes {
            let mut whole = realm.groups().get(&id).await?;
            let mut attributes = json!(attributes);
            if let Some(members) = attributes.as_object_mut() {
                mark::list(members, mark::owner(&whole));
            }
            if let Some(members) = whole.as_object_mut() {
                members.insert("attributes".to_owned(), attributes);
            }
            realm.groups().update(&id, &whole).await?;
        }
        Ok(())
    }))
}

fn id(group: &Value) -> Option<String> {
    group.get("id").and_then(Value::as_str).map(str::to_owned)
}

fn attributes(wanted: &WantedGroup, there: Option<&Value>) -> Vec<Change> {
    let Some(attributes) = &wanted.attributes else { return Vec::new() };
    let members = |value: Value| Map::from_iter([("attributes".to_owned(), value)]);
    let there = there.and_then(|group| group.get("attributes")).map_or_else(|| json!({}), mark::without);
    Change::between(&members(there), &members(json!(attributes)))
}

/// The group, and those above it; gives its id.
async fn make(realm: &Realm, path: &str, owner: Option<&str>) -> Result<String, BootstrapError> {
    let mut parent: Option<String> = None;
    let mut so_far = String::new();
    let mut attributes = Map::new();
    mark::list(&mut attributes, owner);
    for name in path.split('/').filter(|name| !name.is_empty()) {
        so_far = format!("{so_far}/{name}");
        let there = realm.groups().by_path(&so_far).await?.as_ref().and_then(id);
        parent = Some(match there {
            Some(id) => id,
            None => match realm
                .groups()
                .create(&json!({"name": name, "attributes": attributes}), parent.as_deref())
                .await
            {
                // Somebody was faster.
                Err(error) if error.is_conflict() => {
                    realm.groups().by_path(&so_far).await?.as_ref().and_then(id).ok_or(error)?
                }
                created => created?,
            },
        });
    }
    parent.ok_or_else(|| BootstrapError::NoGroup(path.to_owned()))
}

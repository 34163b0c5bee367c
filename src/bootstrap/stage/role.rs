//! Roles, of a realm or of a client.

use serde_json::{Map, Value, json};

use super::Step;
use crate::admin::{Realm, Roles};
use crate::bootstrap::change::Change;
use crate::bootstrap::desired::{State, WantedRole};
use crate::bootstrap::item::{Action, Item, Kind};
use crate::bootstrap::mark;

/// The step for one role; `there` is what the server has of it, `roles` leads to it.
pub(super) fn step(
    kind: Kind,
    name: &str,
    wanted: &WantedRole,
    there: Option<&Map<String, Value>>,
    owner: Option<&str>,
    roles: impl FnOnce(&Realm) -> Roles + Send + 'static,
) -> Step {
    let role = wanted.name.clone();
    match (there, wanted.state) {
        (None, State::Absent) => Step::keep(kind, name),
        (Some(_), State::Absent) => {
            let item = Item::act(kind, name, Action::Delete, Vec::new());
            Step::new(item, |realm| async move { Ok(roles(&realm).delete(&role).await?) })
        }
        (None, State::Present) => {
            let mut body = members(wanted);
            if owner.is_some() {
                let attributes = body.entry("attributes").or_insert_with(|| json!({}));
                attributes.as_object_mut().into_iter().for_each(|own| mark::list(own, owner));
            }
            let body = Value::Object(body);
            let changes = Change::between(&Map::new(), &members(wanted));
            let item = Item::act(kind, name, Action::Create, changes);
            Step::new(item, |realm| async move {
                roles(&realm).create_if_absent(&body).await?;
                Ok(())
            })
        }
        (Some(there), State::Present) => {
            let mut after = members(wanted);
            let before = there.iter().filter(|(name, _)| after.contains_key(*name));
            let before = before.map(|(name, value)| {
                (name.clone(), if name == "attributes" { mark::without(value) } else { value.clone() })
            });
            let before = before.collect();
            let changes = Change::between(&before, &after);
            if changes.is_empty() {
                return Step::keep(kind, name);
            }
            let item = Item::act(kind, name, Action::Update, changes);
            // Without it the server takes it away.
            if let Some(text) = there.get("description") {
                after.entry("description").or_insert_with(|| text.clone());
            }
            // A list of attributes replaces the other, and the mark stays.
            if let Some(Value::Object(attributes)) = after.get_mut("attributes") {
                mark::list(attributes, mark::owner_of(there));
            }
            Step::new(
                item,
                |realm| async move { Ok(roles(&realm).update(&role, &Value::Object(after)).await?) },
            )
        }
    }
}

/// The members that are wanted.
fn members(wanted: &WantedRole) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("name".to_owned(), Value::from(wanted.name.as_str()));
    members.extend(
        wanted.description.as_ref().map(|text| ("description".to_owned(), Value::from(text.as_str()))),
    );
    members.extend(wanted.attributes.as_ref().map(|attributes| ("attributes".to_owned(), json!(attributes))));
    members
}

/// A list of roles by name.
pub(super) fn by_name(list: Vec<Value>) -> Map<String, Value> {
    let named = list.into_iter().filter_map(|role| {
        let name = role.get("name")?.as_str()?.to_owned();
        Some((name, role))
    });
    named.collect()
}

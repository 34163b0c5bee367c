//! The mark on what was made here: an attribute that says whose it is. What was there before gets none.

use serde_json::{Map, Value};

/// The attribute.
pub(super) const MARK: &str = "gatecloak.owned";

/// Marks attributes that are texts, those of clients and client scopes.
pub(super) fn text(attributes: &mut Map<String, Value>, owner: Option<&str>) {
    attributes.extend(owner.map(|owner| (MARK.to_owned(), Value::from(owner))));
}

/// Marks attributes that are lists of texts, those of roles and groups.
pub(super) fn list(attributes: &mut Map<String, Value>, owner: Option<&str>) {
    attributes.extend(owner.map(|owner| (MARK.to_owned(), Value::from_iter([owner]))));
}

/// The owner that a thing's attributes name.
pub(super) fn owner(thing: &Value) -> Option<&str> {
    owner_of(thing.as_object()?)
}

/// The same of a thing's members.
pub(super) fn owner_of(thing: &Map<String, Value>) -> Option<&str> {
    let mark = thing.get("attributes")?.get(MARK)?;
    mark.as_str().or_else(|| mark.get(0)?.as_str())
}

/// Attributes without the mark: nobody wants it, so it is no difference.
pub(super) fn without(attributes: &Value) -> Value {
    let mut attributes = attributes.clone();
    if let Some(members) = attributes.as_object_mut() {
        members.remove(MARK);
    }
    attributes
}

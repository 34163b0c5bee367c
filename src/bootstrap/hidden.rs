//! What came from a reference, and must not be shown wherever it occurs.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::change::Change;
use super::item::Item;

/// What stands in its place.
const STARS: &str = "********";

/// A shorter one in the middle of words takes them apart, and tells more than it hides.
const SHORT: usize = 4;

/// Values that must not be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden(Vec<SecretString>);

impl Hidden {
    pub(super) fn add(&mut self, secret: SecretString) {
        self.0.push(secret);
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// A message without them.
    pub(super) fn text(&self, text: &str) -> String {
        let long = self.0.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= SHORT);
        long.fold(text.to_owned(), |text, secret| text.replace(secret, STARS))
    }

    /// An item without them. Where a value holds one, what is there now is not shown either.
    pub(super) fn item(&self, item: &mut Item) {
        if self.0.is_empty() {
            return;
        }
        item.name = self.text(&item.name);
        for Change { path, before, after } in &mut item.changes {
            *path = self.text(path);
            let wanted = after.as_mut().is_some_and(|value| self.value(value));
            let there = before.as_mut().is_some_and(|value| self.value(value));
            if (wanted || there)
                && let Some(before) = before.as_mut()
            {
                *before = Value::from(STARS);
            }
        }
    }

    /// Whether there was one in a value; now there is none.
    fn value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let holds = self.0.iter().any(|secret| text.contains(secret.expose_secret()));
                if holds {
                    STARS.clone_into(text);
                }
                holds
            }
            Value::Array(items) => self.values(items.iter_mut()),
            Value::Object(members) => self.values(members.values_mut()),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// All of them, also behind the first that holds one.
    fn values<'a>(&self, values: impl Iterator<Item = &'a mut Value>) -> bool {
        values.map(|value| self.value(value)).filter(|holds| *holds).count() > 0
    }
}

//! The differences between two representations, member by member.

use std::fmt;

use serde_json::{Map, Value};

use super::redact::{is_secret, shown};

/// One difference.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Where: `redirectUris`, `attributes.pkce.code.challenge.method`, `protocolMappers.audience.config`.
    pub path: String,
    /// What is there; `None` if nothing is.
    pub before: Option<Value>,
    /// What shall be there; `None` if nothing shall be.
    pub after: Option<Value>,
}

impl Change {
    /// The differences between two objects in normal form. Objects are compared member by member, a list of named objects
    /// by its names, everything else as a whole.
    pub fn between(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Self> {
        let mut changes = Vec::new();
        compare_members("", before, after, &mut changes);
        changes
    }
}

/// `- before` and `+ after`; secrets are not shown.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<Value>| match value {
            None => "(none)".to_owned(),
            Some(_) if is_secret(&self.path) => "(secret)".to_owned(),
            Some(value) => shown(&self.path, value).to_string(),
        };
        write!(f, "{}: {} -> {}", self.path, show(&self.before), show(&self.after))
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({self})")
    }
}

fn compare_members(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    out: &mut Vec<Change>,
) {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(path, before.get(name), after.get(name), out);
    }
}

fn compare(path: String, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            compare_members(&path, before, after, out)
        }
        (Some(Value::Array(old)), Some(Value::Array(new)))
            if let (Some(old), Some(new)) = (named(old), named(new)) =>
        {
            compare_members(&path, &old, &new, out);
        }
        _ => out.push(Change { path, before: before.cloned(), after: after.cloned() }),
    }
}

/// A list of objects with different names, by name; `None` for any other list.
fn named(items: &[Value]) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    for item in items {
        let name = item.as_object()?.get("name")?.as_str()?;
        if members.insert(name.to_owned(), item.clone()).is_some() {
            return None;
        }
    }
    Some(members)
}

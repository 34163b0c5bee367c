//! The arguments of a call, by the names of python-keycloak.

use serde_json::{Map, Value};

use super::failure::Failure;
use crate::connection::Query;

/// The arguments of a call. `null` is as good as absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Args<'a>(&'a Map<String, Value>);

impl<'a> Args<'a> {
    pub(super) fn new(members: &'a Map<String, Value>) -> Self {
        Self(members)
    }

    /// Any value, if it is there.
    pub(super) fn optional(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Any value.
    pub(super) fn value(&self, name: &str) -> Result<&'a Value, Failure> {
        self.optional(name).ok_or_else(|| Failure::Argument(format!("the argument `{name}` is missing")))
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<&'a str, Failure> {
        self.value(name)?.as_str().ok_or_else(|| wrong(name, "a text"))
    }

    /// A text, if it is there.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        self.optional(name).map(|value| value.as_str().ok_or_else(|| wrong(name, "a text"))).transpose()
    }

    /// A truth value.
    pub(super) fn flag(&self, name: &str, default: bool) -> Result<bool, Failure> {
        match self.optional(name) {
            Some(value) => value.as_bool().ok_or_else(|| wrong(name, "true or false")),
            None => Ok(default),
        }
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.optional(name)
            .map(|value| value.as_i64().ok_or_else(|| wrong(name, "a whole number")))
            .transpose()
    }

    /// A query: an object of texts, numbers and truth values; a list is the name repeated.
    pub(super) fn query(&self, name: &str) -> Result<Query, Failure> {
        let Some(value) = self.optional(name) else { return Ok(Query::new()) };
        let members = value.as_object().ok_or_else(|| wrong(name, "an object"))?;
        Ok(members.iter().flat_map(|(name, value)| pairs(name, value)).collect())
    }

    /// The members that are not among these names, as a query.
    pub(super) fn query_beside(&self, names: &[&str]) -> Query {
        let rest = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        rest.flat_map(|(name, value)| pairs(name, value)).collect()
    }

    /// A list; one object stands for a list of one, as python-keycloak has it for roles.
    pub(super) fn list(&self, name: &str) -> Result<Value, Failure> {
        match self.value(name)? {
            Value::Array(items) => Ok(Value::Array(items.clone())),
            one @ Value::Object(_) => Ok(Value::Array(vec![one.clone()])),
            _ => Err(wrong(name, "a list")),
        }
    }
}

fn wrong(name: &str, expected: &str) -> Failure {
    Failure::Argument(format!("the argument `{name}` is not {expected}"))
}

fn pairs(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().flat_map(|item| pairs(name, item)).collect(),
        Value::String(text) => vec![(name.to_owned(), text.clone())],
        other => vec![(name.to_owned(), other.to_string())],
    }
}

//! A request of the scriptable API.

use serde_json::{Map, Value};

use super::failure::Failure;

/// A line, read. Handles, classes, methods and properties are any text so far.
pub(super) struct Request {
    /// What is to be done.
    pub(super) op: String,
    members: Map<String, Value>,
}

impl Request {
    /// Reads a line. An error does not repeat it: it can hold secrets.
    pub(super) fn read(line: &[u8]) -> Result<Self, Failure> {
        let value: Value = serde_json::from_slice(line)
            .map_err(|error| Failure::Other("InvalidJson", format!("the line is not JSON: {error}")))?;
        let Value::Object(mut members) = value else {
            return Err(Failure::Other("InvalidRequest", "the line is not a JSON object".to_owned()));
        };
        match members.remove("op") {
            Some(Value::String(op)) => Ok(Self { op, members }),
            _ => Err(Failure::Other("InvalidRequest", "the member `op` is not a text".to_owned())),
        }
    }

    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Result<&str, Failure> {
        self.members.get(name).and_then(Value::as_str).ok_or_else(|| not(name, "a text"))
    }

    /// The member `args`; none is an empty object.
    pub(super) fn args(&self) -> Result<Map<String, Value>, Failure> {
        match self.members.get("args") {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(members)) => Ok(members.clone()),
            Some(_) => Err(not("args", "an object")),
        }
    }

    /// All members but `op`.
    pub(super) fn whole(&self) -> Value {
        Value::Object(self.members.clone())
    }

    /// The member `value`; none is null.
    pub(super) fn value(&self) -> Value {
        self.members.get("value").cloned().unwrap_or_default()
    }
}

fn not(name: &str, expected: &str) -> Failure {
    Failure::Other("InvalidRequest", format!("the member `{name}` is not {expected}"))
}

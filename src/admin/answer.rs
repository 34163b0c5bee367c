//! What an answer must hold, where this client goes on with it.

use serde_json::Value;

use crate::connection::{CallError, ErrorClass};

/// The text that is a member of an answer.
pub(super) fn text<'a>(answer: &'a Value, member: &str) -> Result<&'a str, CallError> {
    answer.get(member).and_then(Value::as_str).ok_or_else(|| missing(&format!("no text `{member}`")))
}

/// The number that an answer is.
pub(super) fn number(answer: &Value) -> Result<u64, CallError> {
    answer.as_u64().ok_or_else(|| missing("no number"))
}

fn missing(what: &str) -> CallError {
    CallError::local(ErrorClass::Get, format!("the answer of the server has {what}"))
}

//! The kinds of a module's options, and what is taken for each: as Ansible does, so that its files can be used as they are.

use serde_json::{Map, Value};

/// What an option holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// One of these.
    Choice(&'static [&'static str]),
    /// `true`, `yes`, `on`, 1 and their contraries.
    Truth,
    /// A whole number.
    Whole,
    /// Texts; one text is split at its commas.
    Texts,
    /// An object.
    Object,
    /// Objects.
    Objects,
}

impl Kind {
    /// The value as this kind; the error says what was expected.
    pub(super) fn read(self, value: &Value) -> Result<Value, String> {
        match self {
            Self::Text | Self::Secret => text(value).map(Value::String),
            Self::Choice(choices) => {
                let text = text(value)?;
                if choices.contains(&text.as_str()) {
                    Ok(Value::String(text))
                } else {
                    Err(format!("one of {} was expected, not `{text}`", listed(choices)))
                }
            }
            Self::Truth => truth(value).map(Value::Bool),
            Self::Whole => whole(value).map(Value::from),
            Self::Texts => texts(value),
            Self::Object => match value {
                Value::Object(_) => Ok(value.clone()),
                Value::String(text) => object(text),
                _ => Err("an object was expected".to_owned()),
            },
            Self::Objects => match value {
                Value::Array(items) if items.iter().all(Value::is_object) => Ok(value.clone()),
                Value::Object(_) => Ok(Value::Array(vec![value.clone()])),
                _ => Err("a list of objects was expected".to_owned()),
            },
        }
    }
}

/// A number or a truth value is as good as its text.
fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err("a text was expected".to_owned()),
    }
}

fn truth(value: &Value) -> Result<bool, String> {
    let word = match value {
        Value::Bool(truth) => return Ok(*truth),
        Value::Number(number) if number.as_f64() == Some(1.0) => return Ok(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => return Ok(false),
        Value::Number(_) => value.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        _ => return Err("true or false was expected".to_owned()),
    };
    match word.as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
        _ => Err(format!("true or false was expected, not `{word}`")),
    }
}

fn whole(value: &Value) -> Result<i64, String> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| "a whole number was expected".to_owned())
}

fn texts(value: &Value) -> Result<Value, String> {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| text(item).map(Value::String))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        Value::String(list) => {
            Ok(Value::Array(list.split(',').map(|part| Value::String(part.trim().to_owned())).collect()))
        }
        Value::Number(_) | Value::Bool(_) => Ok(Value::Array(vec![Value::String(value.to_string())])),
        _ => Err("a list of texts was expected".to_owned()),
    }
}

/// An object as JSON in a text.
fn object(text: &str) -> Result<Value, String> {
    serde_json::from_str::<Map<String, Value>>(text)
        .map(Value::Object)
        .map_err(|_| "an object was expected".to_owned())
}

fn listed(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ")
}

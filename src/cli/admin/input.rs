//! What is typed, as arguments of a method.

use std::fs;
use std::io::Read as _;

use serde_json::{Map, Value};

/// `NAME=VALUE` pairs as an object; a name that is repeated has a list of values.
pub(super) fn query<'a>(pairs: impl Iterator<Item = &'a String>) -> Result<Value, String> {
    let mut query = Map::new();
    for pair in pairs {
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| format!("`{pair}` is not `NAME=VALUE`"))?;
        match query.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(values) => values.push(Value::from(value)),
            other => *other = Value::from(value),
        }
    }
    Ok(Value::Object(query))
}

/// Arguments by name: `name=text`, `name:=JSON`, `name=@FILE` (a text), `name:=@FILE` (JSON).
pub(super) fn arguments<'a>(words: impl Iterator<Item = &'a String>) -> Result<Map<String, Value>, String> {
    words.map(|word| argument(word)).collect()
}

/// The JSON of a file; `-` is standard input.
pub(super) fn json_of(file: &str) -> Result<Value, String> {
    serde_json::from_str(&text_of(file)?).map_err(|error| format!("`{file}` is not JSON: {error}"))
}

/// The text of a file; `-` is standard input.
pub(super) fn text_of(file: &str) -> Result<String, String> {
    if file == "-" {
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        return read.map(|_| text).map_err(|error| format!("standard input cannot be read: {error}"));
    }
    fs::read_to_string(file).map_err(|error| format!("`{file}` cannot be read: {error}"))
}

/// An error does not repeat the value: it can be a secret.
fn argument(word: &str) -> Result<(String, Value), String> {
    let (name, value) =
        word.split_once('=').ok_or("an argument is `NAME=TEXT`, `NAME:=JSON` or `NAME=@FILE`")?;
    let (name, is_json) = name.strip_suffix(':').map_or((name, false), |name| (name, true));
    let value = match (value.strip_prefix('@'), is_json) {
        (Some(file), true) => json_of(file)?,
        (Some(file), false) => Value::from(text_of(file)?),
        (None, true) => {
            serde_json::from_str(value).map_err(|error| format!("`{name}` is not JSON: {error}"))?
        }
        (None, false) => Value::from(value),
    };
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests;

//! Follows a path into JSON, as far as Keycloak does.

use std::borrow::Cow;

use super::Value;
use crate::authz::json::Json;

/// The text that the parts lead to. The walk stops at the first array or scalar, whatever parts remain.
pub(super) fn walk(json: &Json, parts: &[String]) -> Value<'static> {
    let mut current = json;
    for part in parts {
        let Some((name, index)) = name_and_index(part) else { return Value::Nothing };
        let Some(mut member) = current.get(name) else { return Value::Nothing };
        if let (Some(index), Json::Array(elements)) = (index, member) {
            match elements.get(index) {
                Some(element) => member = element,
                None => return Value::Nothing,
            }
        }
        match member {
            Json::Object(_) => current = member,
            Json::Array(elements) => return text_of_array(elements),
            Json::Null => return Value::Nothing,
            Json::Bool(value) => return text(if *value { "true" } else { "false" }),
            Json::Number(scalar) | Json::Text(scalar) => return text(scalar),
        }
    }
    let mut compact = String::new();
    current.write(false, &mut compact);
    Value::Text(Cow::Owned(compact))
}

/// `name` or `name[index]`; `None`: a bad index.
fn name_and_index(part: &str) -> Option<(&str, Option<usize>)> {
    let Some(indexed) = part.strip_suffix(']') else { return Some((part, None)) };
    let (name, index) = indexed.split_once('[')?;
    let index: i32 = trimmed(index).parse().ok()?;
    Some((trimmed(name), Some(usize::try_from(index).ok()?)))
}

/// A scalar's text; one of nothing but blanks is none.
fn text(scalar: &str) -> Value<'static> {
    let scalar = trimmed(scalar);
    if scalar.is_empty() { Value::Nothing } else { Value::Text(Cow::Owned(scalar.to_owned())) }
}

/// `[a, b]`.
fn text_of_array(elements: &[Json]) -> Value<'static> {
    if elements.is_empty() {
        return Value::Nothing;
    }
    let mut out = "[".to_owned();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        match element {
            Json::Bool(_) | Json::Number(_) | Json::Object(_) => element.write(false, &mut out),
            Json::Text(text) => out.push_str(text),
            // What Keycloak makes of these has not been seen.
            Json::Null | Json::Array(_) => return Value::Unsure,
        }
    }
    out.push(']');
    Value::Text(Cow::Owned(out))
}

/// As Java's `trim`.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

//! TOML, by the `toml` crate, with spans.

use figment::value::Value;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

use super::{Content, Entry, Node};
use crate::config::{Place, Problem};

/// Parses a whole file; every syntax error is reported.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(entries(table.get_ref()));
    }
    Err(errors.iter().map(syntax_problem).collect())
}

/// Parses one value.
pub(super) fn parse_value(text: &str) -> Option<Node> {
    DeValue::parse(text).ok().map(|value| node(&value))
}

fn syntax_problem(error: &toml::de::Error) -> Problem {
    let problem = Problem::new("", error.message().to_owned());
    match error.span() {
        Some(span) => problem.at(Place::Bytes(span)),
        None => problem,
    }
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref().clone().into_owned(),
            name_span: name.span(),
            node: node(value),
        })
        .collect()
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::String(text) => Content::Scalar(Value::from(text.as_ref())),
        DeValue::Integer(number) => Content::Scalar(integer(number)),
        DeValue::Float(number) => Content::Scalar(match number.as_str().parse::<f64>() {
            Ok(float) => Value::from(float),
            Err(_) => Value::from(number.as_str()),
        }),
        DeValue::Boolean(value) => Content::Scalar(Value::from(*value)),
        DeValue::Datetime(time) => Content::Scalar(Value::from(time.to_string())),
        DeValue::Array(array) => Content::List(list(array)),
        DeValue::Table(table) => Content::Table(entries(table)),
    };
    Node { span: value.span(), written: value.span(), content }
}

fn list(array: &DeArray<'_>) -> Vec<Node> {
    array.iter().map(node).collect()
}

/// A number that fits no integer of ours becomes a float, which no key takes.
fn integer(number: &DeInteger<'_>) -> Value {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) => Value::from(number),
        Err(_) => Value::from(number.as_str().parse().unwrap_or(f64::MAX)),
    }
}

//! YAML, by `serde-saphyr`, with spans.

use std::fmt;
use std::ops::Range;

use figment::value::Value;
use serde::de::{self, Deserialize, Deserializer};
use serde_saphyr::{DuplicateKeyPolicy, Location, Spanned};

use super::{Content, Entry, Node, null};
use crate::config::{Place, Problem};

/// Parses a whole file.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, Problem> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    let options = serde_saphyr::options! {
        with_snippet: false,
        strict_booleans: true,
        legacy_octal_numbers: false,
        duplicate_keys: DuplicateKeyPolicy::Error,
    };
    let root: Spanned<Yaml> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| syntax_problem(text, &error))?;
    match node(root).content {
        Content::Table(entries) => Ok(entries),
        Content::Scalar(_) | Content::List(_) => {
            Err(Problem::new("", "the file is not a table of keys and values"))
        }
    }
}

fn syntax_problem(text: &str, error: &serde_saphyr::Error) -> Problem {
    let message = error.without_snippet().to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    let problem = Problem::new("", message);
    match error.location().and_then(|location| bytes(&location).or_else(|| character(text, &location))) {
        Some(span) => problem.at(Place::Bytes(span)),
        None => problem,
    }
}

/// The character at a line and a column, which count from 1.
fn character(text: &str, location: &Location) -> Option<Range<usize>> {
    let line = usize::try_from(location.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(location.column()).ok()?.checked_sub(1)?;
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines.by_ref().take(line).map(str::len).sum();
    let before: usize = lines.next()?.chars().take(column).map(char::len_utf8).sum();
    Some(start + before..start + before)
}

fn bytes(location: &Location) -> Option<Range<usize>> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let length = usize::try_from(span.byte_len().unwrap_or(0)).ok()?;
    Some(start..start.saturating_add(length))
}

/// A value in which every part knows its place.
enum Yaml {
    Scalar(Value),
    List(Vec<Spanned<Self>>),
    Table(Vec<(Spanned<String>, Spanned<Self>)>),
}

fn node(yaml: Spanned<Yaml>) -> Node {
    let span = bytes(&yaml.referenced).unwrap_or_default();
    let written = bytes(&yaml.defined).unwrap_or_default();
    let content = match yaml.value {
        Yaml::Scalar(value) => Content::Scalar(value),
        Yaml::List(items) => Content::List(items.into_iter().map(node).collect()),
        Yaml::Table(entries) => Content::Table(
            entries
                .into_iter()
                .map(|(name, value)| Entry {
                    name_span: bytes(&name.referenced).unwrap_or_default(),
                    name: name.value,
                    node: node(value),
                })
                .collect(),
        ),
    };
    Node { span, written, content }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Yaml;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(Value::from(value)))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(Value::from(number)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(Value::from(number)))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(Value::from(number)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(Value::from(text)))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(null()))
            }

            fn visit_none<E: de::Error>(self) -> Result<Yaml, E> {
                Ok(Yaml::Scalar(null()))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Yaml, D::Error> {
                Yaml::deserialize(deserializer)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Yaml, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Yaml::List(list))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut entries: A) -> Result<Yaml, A::Error> {
                let mut table = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    table.push(entry);
                }
                Ok(Yaml::Table(table))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

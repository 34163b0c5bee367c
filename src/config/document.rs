//! A file as it was written: values, each with its place in the text.

use std::ops::Range;
use std::path::Path;

use figment::value::{Dict, Map, Tag, Value};
use figment::{Metadata, Profile, Provider};

use super::Problem;

mod toml;
#[cfg(feature = "yaml")]
mod yaml;

/// A parsed file: the top-level table.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) entries: Vec<Entry>,
    format: &'static str,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) node: Node,
}

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    /// Where the value is written, if `span` only refers to it (a YAML alias).
    pub(super) written: Range<usize>,
    pub(super) content: Content,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

impl Document {
    /// Parses by the file's extension: `.yaml` and `.yml` are YAML, all else is TOML.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        match file.extension().and_then(|extension| extension.to_str()) {
            #[cfg(feature = "yaml")]
            Some("yaml" | "yml") => yaml::parse(text)
                .map(|entries| Self { entries, format: "YAML file" })
                .map_err(|problem| vec![problem]),
            #[cfg(not(feature = "yaml"))]
            Some("yaml" | "yml") => Err(vec![Problem::new("", "this build reads TOML only")]),
            _ => toml::parse(text).map(|entries| Self { entries, format: "TOML file" }),
        }
    }
}

impl Node {
    /// One TOML value, as it stands right of a `=`.
    pub(super) fn parse_value(text: &str) -> Option<Self> {
        toml::parse_value(text)
    }

    /// The plain value.
    pub(super) fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(nodes) => Value::from(nodes.iter().map(Self::value).collect::<Vec<_>>()),
            Content::Table(entries) => Value::from(table(entries)),
        }
    }
}

fn table(entries: &[Entry]) -> Dict {
    entries.iter().map(|entry| (entry.name.clone(), entry.node.value())).collect()
}

/// An absent value (YAML's `null`).
#[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "TOML has no null"))]
fn null() -> Value {
    Value::Empty(Tag::Default, figment::value::Empty::None)
}

impl Provider for Document {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.format)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(table(&self.entries)))
    }
}

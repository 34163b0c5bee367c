//! Single settings from outside the file: `KEY=VALUE` of the environment or of a flag.

use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::document::{Content, Document, Node};
use super::span::{Spans, is_at_or_under};
use super::{Place, Problem};

/// One setting.
#[derive(Clone)]
pub(super) struct Setting {
    /// The key's path.
    pub(super) path: Vec<String>,
    /// The value as written; it may be wrong in every way, so it is never printed.
    pub(super) text: String,
    /// Where it came from, in words.
    pub(super) origin: String,
}

impl Setting {
    pub(super) fn key(&self) -> String {
        self.path.join(".")
    }

    /// The value: TOML if it reads as TOML, else the text.
    fn value(&self) -> Value {
        Node::parse_value(&self.text).map_or_else(|| Value::from(self.text.as_str()), |node| node.value())
    }
}

/// A layer of settings; later ones win.
pub(super) struct Layer<'a> {
    pub(super) name: &'static str,
    pub(super) settings: &'a [Setting],
}

impl Provider for Layer<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut dict = Dict::new();
        for setting in self.settings {
            put(&mut dict, &setting.path, setting.value());
        }
        Ok(Profile::Default.collect(dict))
    }
}

fn put(dict: &mut Dict, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            dict.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let mut inner = match dict.remove(name) {
                Some(Value::Dict(_, inner)) => inner,
                _ => Dict::new(),
            };
            put(&mut inner, rest, value);
            dict.insert(name.clone(), Value::from(inner));
        }
    }
}

/// Reads the `key=value` pairs of flags. A key is written as in TOML: `routes.orders.upstream`.
pub(super) fn from_flags(overrides: &[(String, String)], problems: &mut Vec<Problem>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (key, text) in overrides {
        let origin = format!("flag `--set {key}`");
        match path_of(key) {
            Some(path) => settings.push(Setting { path, text: text.clone(), origin }),
            None => problems.push(
                Problem::new("", format!("`{key}` is not a key"))
                    .hint("a key is written as in `routes.orders.upstream`")
                    .at(Place::Outside(origin)),
            ),
        }
    }
    settings
}

fn path_of(key: &str) -> Option<Vec<String>> {
    let document = Document::parse("key.toml".as_ref(), &format!("{key} = 0")).ok()?;
    let mut path = Vec::new();
    let mut entries = &document.entries;
    while let [entry] = entries.as_slice() {
        path.push(entry.name.clone());
        match &entry.node.content {
            Content::Table(inner) => entries = inner,
            Content::Scalar(_) => return Some(path),
            Content::List(_) => return None,
        }
    }
    None
}

/// What came from outside the file, so that a problem with it can say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, String>);

impl Origins {
    /// `settings` in the order in which they win.
    pub(super) fn of(settings: &[Setting]) -> Self {
        Self(settings.iter().map(|setting| (setting.key(), setting.origin.clone())).collect())
    }

    /// The problem with its final place: bytes of the file, or where outside the file the value came from.
    pub fn place(&self, problem: Problem, spans: &Spans) -> Problem {
        let place = match (self.find(&problem.key, spans), spans.locate(&problem)) {
            (Some(origin), _) => Place::Outside(origin.to_owned()),
            (None, Some(range)) => Place::Bytes(range),
            (None, None) => problem.place.clone(),
        };
        problem.at(place)
    }

    fn find(&self, key: &str, spans: &Spans) -> Option<&str> {
        let mut key = key;
        while !key.is_empty() {
            if let Some(origin) = self.0.get(key) {
                return Some(origin);
            }
            if spans.contains(key) {
                return None;
            }
            // A table that only came to be by what was set in it.
            if let Some((_, origin)) = self.0.iter().find(|(set, _)| is_at_or_under(set, key)) {
                return Some(origin);
            }
            (key, _) = key.rsplit_once('.')?;
        }
        None
    }
}

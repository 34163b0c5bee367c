//! Where a key stands: dotted key -> bytes of the file -> line and column.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::document::{Content, Document, Entry, Node};
use super::{Place, Problem};

/// The places of all keys of a file.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    spots: BTreeMap<String, Spot>,
}

#[derive(Clone, Debug)]
struct Spot {
    /// The key; for an entry of a list the entry.
    name: Range<usize>,
    /// The value, if it stands in one piece beside its key (a table with a header of its own does not).
    value: Option<Range<usize>>,
}

impl Spans {
    /// The places in a text, which is TOML or YAML by the file's name. A text that does not parse has none.
    pub fn of(file: &Path, text: &str) -> Self {
        Document::parse(file, text).map(|document| Self::in_document(&document)).unwrap_or_default()
    }

    pub(super) fn in_document(document: &Document) -> Self {
        let mut spans = Self::default();
        spans.enter_table("", &document.entries);
        spans
    }

    /// The bytes to point at for a problem: its own, those of its key, or those of the nearest table around that is there.
    pub fn locate(&self, problem: &Problem) -> Option<Range<usize>> {
        match &problem.place {
            Place::Bytes(range) => Some(range.clone()),
            Place::Outside(_) => None,
            Place::Key => self.name(&problem.key),
            Place::Value => match self.spots.get(&problem.key).and_then(|spot| spot.value.clone()) {
                Some(value) => Some(value),
                None => self.name(&problem.key),
            },
        }
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.spots.contains_key(key)
    }

    fn name(&self, key: &str) -> Option<Range<usize>> {
        let mut key = key;
        loop {
            if let Some(spot) = self.spots.get(key) {
                return Some(spot.name.clone());
            }
            (key, _) = key.rsplit_once('.')?;
        }
    }

    fn enter_table(&mut self, parent: &str, entries: &[Entry]) {
        for entry in entries {
            let key = dotted(parent, &entry.name);
            self.enter(key, entry.name_span.clone(), &entry.node);
        }
    }

    fn enter(&mut self, key: String, name: Range<usize>, node: &Node) {
        let value = match &node.content {
            Content::Table(entries) => {
                self.enter_table(&key, entries);
                // A header's span begins before its key; an inline table stands right of it.
                (node.span.start > name.end).then(|| node.span.clone())
            }
            Content::List(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.enter(dotted(&key, &index.to_string()), node.span.clone(), node);
                }
                Some(node.span.clone())
            }
            Content::Scalar(_) => Some(node.span.clone()),
        };
        self.spots.insert(key, Spot { name, value });
    }
}

/// `parent.name`, or just `name` at the top.
pub(super) fn dotted(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

/// Whether `key` is `outer` or lies in it.
pub(super) fn is_at_or_under(key: &str, outer: &str) -> bool {
    key.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Line and column of a byte of a text, both counted from 1, columns in characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

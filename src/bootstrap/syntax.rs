//! JSON, TOML and YAML, read into one form.

use std::fmt;
use std::path::Path;

use serde_json::Value;

/// What is wrong with a text, and where if the reader knows it. No part of the text is repeated: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line and column, from 1.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// Reads a text as the file's extension says; one without is read as YAML, of which JSON is a part.
pub(super) fn parse(path: &Path, text: &str) -> Result<Value, SyntaxError> {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "json" => json(text),
        "toml" => toml(text),
        _ => yaml(text),
    }
}

fn json(text: &str) -> Result<Value, SyntaxError> {
    serde_json::from_str(text).map_err(|error| SyntaxError {
        place: (error.line() > 0).then(|| (error.line(), error.column().max(1))),
        reason: without_place(&error.to_string()),
    })
}

fn toml(text: &str) -> Result<Value, SyntaxError> {
    toml::from_str(text).map_err(|error| SyntaxError {
        place: error.span().and_then(|span| text.get(..span.start)).map(|before| {
            let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
            (before.matches('\n').count() + 1, line.chars().count() + 1)
        }),
        reason: error.message().to_owned(),
    })
}

#[cfg(feature = "yaml")]
fn yaml(text: &str) -> Result<Value, SyntaxError> {
    serde_saphyr::from_str(text).map_err(|error: serde_saphyr::Error| SyntaxError {
        place: error.location().and_then(|place| {
            Some((usize::try_from(place.line()).ok()?, usize::try_from(place.column()).ok()?))
        }),
        reason: without_place(&error.without_snippet().to_string()),
    })
}

#[cfg(not(feature = "yaml"))]
fn yaml(text: &str) -> Result<Value, SyntaxError> {
    json(text)
}

fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;

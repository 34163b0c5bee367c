//! What is wrong with a configuration: all of it at once, each with file, line, caret and a hint.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// One thing that is wrong. The printer finds file and line from the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key's path: `routes.orders.upstream`, `tests.0.request`; empty for the file as a whole.
    pub key: String,
    /// The fact, lower case, without a full stop; names from the file in backticks.
    pub message: String,
    /// What to do, if there is something to say beyond the fact.
    pub hint: Option<String>,
    /// What to point at.
    pub place: Place,
}

/// What a [`Problem`] points at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The value of the key, or the nearest table around it that is there.
    #[default]
    Value,
    /// The key itself.
    Key,
    /// These bytes of the file.
    Bytes(Range<usize>),
    /// Not the file: an environment variable or a flag, in words.
    Outside(String),
}

impl Problem {
    /// A problem with the value of `key`.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into(), hint: None, place: Place::default() }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Pointing at something else than the value.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}

/// What is wrong, with the text to point at. It is displayed as `gatecloak check` prints it, without colour.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The file.
    pub file: PathBuf,
    /// Its text, empty if it could not be read. What looks like a secret is blotted out.
    pub text: String,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for LoadError {}

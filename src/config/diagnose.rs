//! What is wrong with a configuration: all of it at once, each with file, line, caret and a hint.

/// One thing that is wrong. The printer finds file and line from the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key's path: `routes.orders.upstream`, `tests.0.request`; empty for the file as a whole.
    pub key: String,
    /// The fact, lower case, without a full stop; names from the file in backticks.
    pub message: String,
    /// What to do, if there is something to say beyond the fact.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem with the value of `key`.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into(), hint: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

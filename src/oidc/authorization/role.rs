//! A role that a policy asks for.

use serde::{Deserialize, Serialize};

/// A role that a policy asks for. It is equal to its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Role {
    /// `CLIENT/ROLE`, or the name of a realm role.
    pub name: String,
    /// Whether the user must have it, whatever other roles it has.
    #[serde(default)]
    pub required: bool,
}

impl Role {
    /// One that is not required.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), required: false }
    }
}

impl PartialEq<str> for Role {
    fn eq(&self, name: &str) -> bool {
        self.name == name
    }
}

//! A permission, as it is asked for.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A permission, as it is asked for: a resource, a scope, or both. Two are equal if they are written the same.
#[derive(Clone, Debug, Default)]
pub struct UmaPermission {
    resource: String,
    scope: String,
}

impl UmaPermission {
    /// A resource by name or id.
    pub fn resource(name: impl Into<String>) -> Self {
        Self { resource: name.into(), scope: String::new() }
    }

    /// A scope.
    pub fn scope(name: impl Into<String>) -> Self {
        Self { resource: String::new(), scope: name.into() }
    }

    /// This one with what the other has in its place: a resource called with a scope is both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let given = |own: &String, other: &String| if other.is_empty() { own.clone() } else { other.clone() };
        Self { resource: given(&self.resource, &other.resource), scope: given(&self.scope, &other.scope) }
    }
}

/// `RESOURCE#SCOPE`, `RESOURCE` or `#SCOPE`.
impl fmt::Display for UmaPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope.as_str() {
            "" => f.write_str(&self.resource),
            scope => write!(f, "{}#{scope}", self.resource),
        }
    }
}

impl PartialEq for UmaPermission {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for UmaPermission {}

impl Hash for UmaPermission {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_string().hash(state);
    }
}

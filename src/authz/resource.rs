//! A resource of the loaded settings.

/// A resource that the resource server owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    name: String,
    uris: Vec<String>,
    scopes: Vec<String>,
}

impl Resource {
    pub(super) fn new(name: String, uris: Vec<String>, scopes: Vec<String>) -> Self {
        Self { name, uris, scopes }
    }

    /// Its name: what Keycloak is asked with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URIs, as patterns of Keycloak's matcher.
    pub fn uris(&self) -> &[String] {
        &self.uris
    }

    /// The names of its scopes.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }
}

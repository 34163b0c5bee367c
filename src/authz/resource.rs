//! A resource of the loaded settings.

use super::model::{Finding, ScopeId};

/// A resource: the resource server's, or a user's.
#[derive(Debug)]
pub struct Resource {
    pub(super) name: String,
    pub(super) uris: Vec<String>,
    /// The names of its own scopes.
    pub(super) scopes: Vec<String>,
    /// Its place in the model.
    pub(super) place: usize,
    pub(super) kind: Option<String>,
    /// The user who owns it; none: the resource server does.
    pub(super) owner: Option<String>,
    /// Its owner may share it, in ways that no export shows.
    pub(super) owner_managed: bool,
    pub(super) id: Option<String>,
    /// Its own scopes, sorted.
    pub(super) own: Vec<ScopeId>,
    /// Its own and those of its parents: resources of the same type that the resource server owns, if a user owns this
    /// one. Sorted.
    pub(super) all: Vec<ScopeId>,
    /// The permissions found for it whatever is asked, each in its group.
    pub(super) findings: Vec<Finding>,
    /// Whether a permission lists it, or a parent of it, cannot be told: the name is another's, too.
    pub(super) ambiguous: bool,
}

impl Resource {
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

    /// Its type; any text.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// The user who owns it; `None`: the resource server.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Its id, if the model was told.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

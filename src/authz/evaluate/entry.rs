//! One thing to decide, and what became of it.

use crate::authz::model::ScopeId;
use crate::authz::reason::RemoteReason;

/// A resource and the scopes that are examined, or a scope that no resource has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::authz) struct Entry {
    /// The place of the resource.
    pub(in crate::authz) resource: Option<usize>,
    pub(in crate::authz) scopes: Vec<ScopeId>,
}

/// What an entry comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::authz) enum Outcome {
    /// Granted with these scopes, or refused.
    Known(Option<Vec<ScopeId>>),
    /// At least the one and at most the other; evaluating it does not fail.
    Open { worst: Option<Vec<ScopeId>>, best: Option<Vec<ScopeId>>, reason: RemoteReason },
    /// Anything, also that Keycloak fails at it.
    Hidden(RemoteReason),
    /// Keycloak fails at it, and so at the whole request.
    Fails,
}

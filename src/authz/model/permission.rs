//! Permissions: what ties policies to resources and scopes.

use crate::authz::DecisionStrategy;
use crate::authz::verdict::PolicyId;

/// The place of a scope in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::authz) struct ScopeId(pub(in crate::authz) usize);

/// The place of a permission in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::authz) struct PermissionId(pub(in crate::authz) usize);

/// A permission of Keycloak's.
#[derive(Debug)]
pub(in crate::authz) struct KeycloakPermission {
    pub(in crate::authz) name: String,
    pub(in crate::authz) kind: PermissionKind,
    pub(in crate::authz) strategy: DecisionStrategy,
    pub(in crate::authz) policies: Vec<PolicyId>,
    /// Of a scope permission; sorted.
    pub(in crate::authz) scopes: Vec<ScopeId>,
    pub(in crate::authz) lists_resources: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authz) enum PermissionKind {
    Resource,
    Scope,
}

/// How a permission was found, in the order in which Keycloak evaluates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::authz) enum Group {
    /// It lists the resource.
    Resource,
    /// It is for resources of this type.
    Type,
    /// It lists a parent.
    Parent,
    /// It is for a scope, on whatever resource.
    Scope,
}

/// A permission found for a resource.
#[derive(Clone, Copy, Debug)]
pub(in crate::authz) struct Finding {
    pub(in crate::authz) permission: PermissionId,
    pub(in crate::authz) group: Group,
}

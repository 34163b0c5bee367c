//! Finds resources and permissions by what a request names.

use std::collections::HashMap;

use super::{PermissionId, ScopeId};
use crate::authz::Resource;

type Map<V> = HashMap<String, V, ahash::RandomState>;

/// Places of resources, and permissions by scope.
#[derive(Debug, Default)]
pub(in crate::authz) struct Index {
    scopes: Map<ScopeId>,
    by_name: Map<Vec<usize>>,
    by_id: Map<usize>,
    by_kind: Map<Vec<usize>>,
    /// By the lower case of their URIs, in the order of names.
    by_uri: Map<Vec<usize>>,
    /// By a scope of their own.
    by_scope: Vec<Vec<usize>>,
    /// Scope permissions for whatever resource.
    open_permissions: Vec<Vec<PermissionId>>,
    /// Whether ids of resources are known at all.
    pub(in crate::authz) knows_ids: bool,
    pub(in crate::authz) has_owner_managed: bool,
    pub(in crate::authz) has_owner_managed_of_resource_server: bool,
}

impl Index {
    pub(super) fn new(scopes: Map<ScopeId>, resources: &[Resource], open: Vec<Vec<PermissionId>>) -> Self {
        let mut index = Self {
            by_scope: vec![Vec::new(); scopes.len()],
            scopes,
            open_permissions: open,
            ..Self::default()
        };
        for (place, resource) in resources.iter().enumerate() {
            index.by_name.entry(resource.name.clone()).or_default().push(place);
            if let Some(kind) = &resource.kind {
                index.by_kind.entry(kind.clone()).or_default().push(place);
            }
            if let Some(id) = &resource.id {
                index.by_id.insert(id.clone(), place);
            }
            for uri in &resource.uris {
                let places = index.by_uri.entry(uri.to_lowercase()).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            for scope in &resource.own {
                if let Some(places) = index.by_scope.get_mut(scope.0) {
                    places.push(place);
                }
            }
            index.has_owner_managed |= resource.owner_managed;
            index.has_owner_managed_of_resource_server |= resource.owner_managed && resource.owner.is_none();
        }
        index
    }

    pub(in crate::authz) fn scope(&self, name: &str) -> Option<ScopeId> {
        self.scopes.get(name).copied()
    }

    pub(in crate::authz) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    pub(in crate::authz) fn with_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(in crate::authz) fn of_kind(&self, kind: &str) -> &[usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(in crate::authz) fn with_uri(&self, uri: &str) -> &[usize] {
        self.by_uri.get(&uri.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    pub(in crate::authz) fn with_scope(&self, scope: ScopeId) -> &[usize] {
        self.by_scope.get(scope.0).map_or(&[], Vec::as_slice)
    }

    pub(in crate::authz) fn open_permissions(&self, scope: ScopeId) -> &[PermissionId] {
        self.open_permissions.get(scope.0).map_or(&[], Vec::as_slice)
    }
}

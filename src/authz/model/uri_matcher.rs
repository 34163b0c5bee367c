//! Which resource a path belongs to.

use std::collections::BTreeMap;

use super::NotOne;
use crate::authz::Resource;
use crate::authz::hash_order::hash_buckets;
use crate::route::PathMatcher;

/// Keycloak's matcher over the URIs of the resource server's own resources.
///
/// Keycloak tries them in the order of a hash map by URI. Within a bucket of it that is the order in which the URIs were
/// put there, which is not known.
#[derive(Debug, Default)]
pub(super) struct UriMatcher {
    matcher: PathMatcher,
    /// The same patterns, each for itself.
    single: Vec<PathMatcher>,
    /// For every pattern the bucket that it is in.
    buckets: Vec<usize>,
    /// For every pattern the place of its resource; none if several have it.
    owners: Vec<Option<usize>>,
}

impl UriMatcher {
    pub(super) fn new(resources: &[Resource]) -> Self {
        let mut owners: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for resource in resources.iter().filter(|resource| resource.owner.is_none()) {
            for uri in &resource.uris {
                owners
                    .entry(uri)
                    .and_modify(|owner| *owner = owner.filter(|place| *place == resource.place))
                    .or_insert(Some(resource.place));
            }
        }
        let ordered = hash_buckets(owners.keys().copied());
        // Where buckets may have become trees, no order is known.
        let ordered = ordered.unwrap_or_else(|| owners.keys().map(|uri| (*uri, 0)).collect());
        Self {
            matcher: PathMatcher::new(ordered.iter().map(|(uri, _)| (*uri).to_owned())),
            single: ordered.iter().map(|(uri, _)| PathMatcher::new([(*uri).to_owned()])).collect(),
            owners: ordered.iter().map(|(uri, _)| owners.get(uri).copied().flatten()).collect(),
            buckets: ordered.into_iter().map(|(_, bucket)| bucket).collect(),
        }
    }

    /// The place of the resource that Keycloak finds.
    pub(super) fn find(&self, path: &str) -> Result<usize, NotOne> {
        match self.find_in_any_order(path) {
            Err(NotOne::Several) if self.is_ordered(path) => {
                self.owner(self.matcher.find(path).ok_or(NotOne::None)?).ok_or(NotOne::Several)
            }
            found => found,
        }
    }

    /// The place of the resource that is found in whatever order the URIs are tried.
    pub(super) fn find_in_any_order(&self, path: &str) -> Result<usize, NotOne> {
        let found = self.matcher.find_in_any_order(path, |pattern| self.owner(pattern));
        found.map_err(|_| NotOne::Several)?.ok_or(NotOne::None)?.ok_or(NotOne::Several)
    }

    /// Whether the order of the patterns that have something to say of this path is known.
    fn is_ordered(&self, path: &str) -> bool {
        let mut buckets: Vec<usize> = self
            .single
            .iter()
            .zip(&self.buckets)
            .filter(|(single, _)| single.find(path).is_some())
            .map(|(_, bucket)| *bucket)
            .collect();
        let hits = buckets.len();
        buckets.sort_unstable();
        buckets.dedup();
        buckets.len() == hits
    }

    fn owner(&self, pattern: usize) -> Option<usize> {
        self.owners.get(pattern).copied().flatten()
    }
}

//! Which resource a path belongs to.

use std::collections::{BTreeMap, BTreeSet};

use crate::authz::Resource;
use crate::route::PathMatcher;

/// The matcher over the URIs of the resource server's own resources, and for each of its patterns the place of its
/// resource; none if several have it.
pub(super) fn matcher(resources: &[Resource]) -> (PathMatcher, Vec<Option<usize>>) {
    let mut patterns: BTreeMap<&String, Option<usize>> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| resource.owner.is_none()) {
        let uris: BTreeSet<&String> = resource.uris.iter().collect();
        for uri in uris {
            patterns.entry(uri).and_modify(|owner| *owner = None).or_insert(Some(resource.place));
        }
    }
    let (patterns, owners): (Vec<String>, Vec<Option<usize>>) =
        patterns.into_iter().map(|(pattern, owner)| (pattern.clone(), owner)).unzip();
    (PathMatcher::new(patterns), owners)
}

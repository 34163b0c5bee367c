//! Which permissions are found for which resource.

use std::collections::{HashMap, HashSet};

use super::ReadPermission;
use crate::authz::Resource;
use crate::authz::model::{Finding, Group, KeycloakPermission, PermissionId, PermissionKind};

/// Permissions by what finds them.
#[derive(Default)]
pub(super) struct Found {
    by_resource: HashMap<String, Vec<PermissionId>, ahash::RandomState>,
    by_kind: Vec<(String, PermissionId)>,
    /// Scope permissions that name no resource, nor a type of them.
    open: Vec<PermissionId>,
    /// Those that may be for anything.
    anything: Vec<PermissionId>,
}

impl Found {
    pub(super) fn add(&mut self, id: PermissionId, permission: &ReadPermission) {
        if permission.unreadable {
            self.anything.push(id);
            return;
        }
        for name in &permission.resources {
            let listing = self.by_resource.entry(name.clone()).or_default();
            if !listing.contains(&id) {
                listing.push(id);
            }
        }
        let compiled = &permission.compiled;
        match &permission.kind_of_resources {
            // Without policies it is not found by type at all.
            Some(kind) if !compiled.policies.is_empty() => self.by_kind.push((kind.clone(), id)),
            Some(_) => {}
            None if compiled.kind == PermissionKind::Scope && !compiled.lists_resources => self.open.push(id),
            None => {}
        }
    }

    /// Gives every resource its permissions; the rest is by scope.
    pub(super) fn apply(
        &self,
        permissions: &[KeycloakPermission],
        resources: &mut [Resource],
        scopes: usize,
    ) -> Vec<Vec<PermissionId>> {
        let mut owners: HashMap<&str, usize> = HashMap::new();
        let mut parents: HashMap<&str, Vec<&str>> = HashMap::new();
        for resource in &*resources {
            *owners.entry(&resource.name).or_default() += 1;
            if let (None, Some(kind)) = (&resource.owner, &resource.kind) {
                parents.entry(kind).or_default().push(&resource.name);
            }
        }
        // Several of that name, and the export does not say which one is listed.
        let ambiguous = |name: &str| owners.get(name) > Some(&1) && self.by_resource.contains_key(name);
        let mut by_kind: HashMap<&str, Vec<PermissionId>> = HashMap::new();
        let found: Vec<(Vec<Finding>, bool)> = resources
            .iter()
            .map(|resource| {
                let mut findings = Findings::default();
                findings.add(Group::Resource, self.listing(&resource.name));
                findings.add(Group::Resource, &self.anything);
                let mut is_ambiguous = ambiguous(&resource.name);
                if let Some(kind) = &resource.kind {
                    findings.add(Group::Type, by_kind.entry(kind).or_insert_with(|| self.for_kind(kind)));
                    if resource.owner.is_some() {
                        for parent in parents.get(kind.as_str()).into_iter().flatten() {
                            findings.add(Group::Parent, self.listing(parent));
                            is_ambiguous |= ambiguous(parent);
                        }
                    }
                }
                (findings.findings, is_ambiguous)
            })
            .collect();
        for (resource, (findings, ambiguous)) in resources.iter_mut().zip(found) {
            resource.findings = findings;
            resource.ambiguous = ambiguous;
        }
        let mut open = vec![self.anything.clone(); scopes];
        for id in &self.open {
            for scope in permissions.get(id.0).into_iter().flat_map(|permission| &permission.scopes) {
                if let Some(of_scope) = open.get_mut(scope.0) {
                    of_scope.push(*id);
                }
            }
        }
        open
    }

    fn listing(&self, resource: &str) -> &[PermissionId] {
        self.by_resource.get(resource).map_or(&[], Vec::as_slice)
    }

    fn for_kind(&self, kind: &str) -> Vec<PermissionId> {
        let alike = self.by_kind.iter().filter(|(wanted, _)| is_like(wanted, kind));
        alike.map(|(_, id)| *id).collect()
    }
}

/// Each permission once, in the first group that it is found in.
#[derive(Default)]
struct Findings {
    findings: Vec<Finding>,
    seen: HashSet<PermissionId, ahash::RandomState>,
}

impl Findings {
    fn add(&mut self, group: Group, permissions: &[PermissionId]) {
        for permission in permissions {
            if self.seen.insert(*permission) {
                self.findings.push(Finding { permission: *permission, group });
            }
        }
    }
}

/// SQL's `text LIKE pattern`: `%` is any text, `_` any character; with case, and nothing escapes.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    // Where to go on after a mismatch: behind the last `%`, one character further.
    let (mut at, mut next, mut retry) = (0, 0, None);
    while at < text.len() {
        match pattern.get(next) {
            Some('%') => {
                retry = Some((at, next));
                next += 1;
            }
            Some(c) if *c == '_' || Some(c) == text.get(at) => {
                at += 1;
                next += 1;
            }
            _ => match retry {
                Some((from, percent)) => {
                    retry = Some((from + 1, percent));
                    at = from + 1;
                    next = percent + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(next).all(|c| *c == '%')
}

//! Keycloak's authorization settings, compiled.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::{ResourceSettings, Settings};
use super::{DecisionStrategy, PolicyEnforcementMode, PolicySettings, Resource};
use crate::route::PathMatcher;

/// The settings of a resource server, compiled: which resource a path belongs to.
///
/// Only resources of the resource server itself are found, by Keycloak's own path matcher and with case; those of users
/// are Keycloak's business. Policies are kept as written.
#[derive(Debug)]
pub struct Model {
    resources: Vec<Resource>,
    matcher: PathMatcher,
    /// For every pattern of the matcher the place of its resource; none where it is not the only one.
    owners: Vec<Option<usize>>,
    policies: Vec<PolicySettings>,
    decision_strategy: DecisionStrategy,
    enforcement_mode: PolicyEnforcementMode,
}

/// Why a path has not one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOne {
    /// No URI covers it.
    #[error("no resource has a uri for this path")]
    None,
    /// Which one it is depends on the order in which Keycloak happens to try them, or two have the same URI, or a user
    /// has a resource of the same name.
    #[error("the uris of more than one resource could be meant by this path")]
    Several,
}

impl Model {
    /// Compiles an export; see [`Settings::parse`]. Two resources of the resource server with one name are an error, as
    /// Keycloak has no such.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        Self::compile(Settings::parse(json)?)
    }

    /// The resource that a raw (still encoded) path belongs to.
    pub fn find(&self, path: &str) -> Option<&Resource> {
        self.lookup(path).ok()
    }

    /// The same, with the reason if there is not just one.
    pub fn lookup(&self, path: &str) -> Result<&Resource, NotOne> {
        let owner = |pattern: usize| self.owners.get(pattern).copied().flatten();
        let found = self.matcher.find_in_any_order(path, owner).map_err(|_| NotOne::Several)?;
        found.ok_or(NotOne::None)?.and_then(|owner| self.resources.get(owner)).ok_or(NotOne::Several)
    }

    /// The resources that the resource server owns.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// Policies and permissions, as written.
    pub fn policies(&self) -> &[PolicySettings] {
        &self.policies
    }

    /// How permissions are combined.
    pub fn decision_strategy(&self) -> DecisionStrategy {
        self.decision_strategy
    }

    /// What happens to a resource without a permission.
    pub fn enforcement_mode(&self) -> PolicyEnforcementMode {
        self.enforcement_mode
    }

    fn compile(settings: Settings) -> Result<Self, String> {
        let (own, of_users): (Vec<ResourceSettings>, Vec<ResourceSettings>) =
            settings.resources.into_iter().partition(|resource| resource.owner.is_none());
        let of_users: BTreeSet<String> = of_users.into_iter().map(|resource| resource.name).collect();
        let mut names = BTreeSet::new();
        let mut resources = Vec::with_capacity(own.len());
        let mut patterns: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for resource in own {
            if resource.name.is_empty() {
                return Err("a resource has no name".to_owned());
            }
            if !names.insert(resource.name.clone()) {
                return Err(format!("there are two resources `{}`", resource.name));
            }
            // Asked for by its name, a user's own resource would come before it.
            let place = (!of_users.contains(&resource.name)).then_some(resources.len());
            let uris: BTreeSet<&String> = resource.uris.iter().collect();
            for uri in uris {
                patterns.entry(uri.clone()).and_modify(|owner| *owner = None).or_insert(place);
            }
            let scopes = resource.scopes.into_iter().map(|scope| scope.name).collect();
            resources.push(Resource::new(resource.name, resource.uris, scopes));
        }
        let (patterns, owners): (Vec<String>, Vec<Option<usize>>) = patterns.into_iter().unzip();
        Ok(Self {
            resources,
            matcher: PathMatcher::new(patterns),
            owners,
            policies: settings.policies,
            decision_strategy: settings.decision_strategy,
            enforcement_mode: settings.policy_enforcement_mode,
        })
    }
}

#[cfg(test)]
mod tests;

//! Ties policies together: aggregates to what they are made of.

use std::collections::{BTreeMap, HashMap};

use crate::authz::Logic;
use crate::authz::policy::{Policy, Rule, list};
use crate::authz::verdict::{Cause, PolicyId};

/// Aggregates of aggregates, at most so deep; no one has as many, and evaluating them takes stack.
const MAX_LEVELS: usize = 32;

/// What an aggregate may be made of, each policy counted as often as it is met. Keycloak allows it once.
const MAX_SIZE: usize = 10_000;

/// Policies by name.
#[derive(Debug, Default)]
pub(super) struct Fabric {
    policies: Vec<Policy>,
    names: HashMap<String, PolicyId, ahash::RandomState>,
}

impl Fabric {
    /// Adds a policy; two of one name are an error, as Keycloak has no such.
    pub(super) fn add(&mut self, policy: Policy) -> Result<PolicyId, String> {
        let id = PolicyId(self.policies.len());
        if self.names.insert(policy.name.clone(), id).is_some() {
            return Err(format!("there are two policies `{}`", policy.name));
        }
        self.policies.push(policy);
        Ok(id)
    }

    /// The policies that `applyPolicies` names. What is not there, or is no policy, is kept as one that only Keycloak
    /// can evaluate.
    pub(super) fn applied(
        &mut self,
        config: &BTreeMap<String, String>,
        permissions: &HashMap<String, (), ahash::RandomState>,
    ) -> Result<Vec<PolicyId>, Cause> {
        let names: Vec<String> = list(config, "applyPolicies")?;
        let mut applied = Vec::with_capacity(names.len());
        for name in names {
            let id = match self.names.get(&name) {
                Some(id) => *id,
                None if permissions.contains_key(&name) => self.opaque(name, Cause::PolicyMisplaced),
                None => self.opaque(name, Cause::PolicyMissing),
            };
            if !applied.contains(&id) {
                applied.push(id);
            }
        }
        Ok(applied)
    }

    /// A policy that stands for what cannot be evaluated here.
    pub(super) fn opaque(&mut self, name: String, cause: Cause) -> PolicyId {
        let id = PolicyId(self.policies.len());
        self.policies.push(Policy {
            name,
            kind: String::new(),
            logic: Logic::Positive,
            rule: Rule::Opaque(cause),
        });
        id
    }

    /// What an aggregate is made of.
    pub(super) fn set_parts(&mut self, aggregate: PolicyId, parts: Result<Vec<PolicyId>, Cause>) {
        let Some(policy) = self.policies.get_mut(aggregate.0) else { return };
        match (parts, &mut policy.rule) {
            (Ok(parts), Rule::Aggregate(rule)) => rule.policies = parts,
            (Ok(_), _) => {}
            (Err(cause), rule) => *rule = Rule::Opaque(cause),
        }
    }

    /// The policies. An aggregate that is made of itself, of too many levels or of too much is one that only Keycloak can
    /// evaluate.
    pub(super) fn finish(mut self) -> Vec<Policy> {
        // Level by level from below: what has no size after so many rounds is too deep, or in a circle.
        let mut sizes: Vec<Option<usize>> = vec![None; self.policies.len()];
        for _ in 0..MAX_LEVELS {
            let size = |(place, policy): (usize, &Policy)| {
                let known = |id: &PolicyId| sizes.get(id.0).copied().flatten();
                let size = match &policy.rule {
                    Rule::Aggregate(rule) => rule.policies.iter().map(known).sum::<Option<usize>>()? + 1,
                    _ => 1,
                };
                (known(&PolicyId(place)).is_none() && size <= MAX_SIZE).then_some((place, size))
            };
            let level: Vec<(usize, usize)> = self.policies.iter().enumerate().filter_map(size).collect();
            if level.is_empty() {
                break;
            }
            for (place, size) in level {
                if let Some(slot) = sizes.get_mut(place) {
                    *slot = Some(size);
                }
            }
        }
        for (policy, size) in self.policies.iter_mut().zip(sizes) {
            if size.is_none() {
                policy.rule = Rule::Opaque(Cause::PolicyMisplaced);
            }
        }
        self.policies
    }
}

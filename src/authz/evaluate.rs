//! Evaluates: what a token may do with a resource.

mod entry;
mod inquiry;

use super::combination::{Asked, Guess, Value, Weighed, combine};
use super::model::{Finding, Group, Model, PermissionId, ScopeId};
use super::policy::{Facts, Policy};
use super::reason::RemoteReason;
use super::strategy::Tally;
use super::verdict::{Doubt, PolicyId, Verdict};
use super::{DecisionStrategy, PolicyEnforcementMode, Resource};

pub(super) use self::entry::{Entry, Outcome};
pub use self::inquiry::{Evaluated, Inquiry};

/// One request's evaluation. What a policy says is found out once.
pub(super) struct Evaluation<'a> {
    pub(super) model: &'a Model,
    pub(super) facts: Facts<'a>,
    verdicts: Vec<Option<Verdict>>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(model: &'a Model, facts: Facts<'a>) -> Self {
        Self { model, facts, verdicts: vec![None; model.policies.len()] }
    }

    /// What a policy says.
    pub(super) fn policy(&mut self, id: PolicyId) -> Verdict {
        if let Some(Some(known)) = self.verdicts.get(id.0) {
            return *known;
        }
        let Some(policy) = self.model.policy(id) else { return Verdict::Deny };
        let facts = self.facts;
        let verdict = policy.judge(id, &facts, |part| self.policy(part));
        if let Some(slot) = self.verdicts.get_mut(id.0) {
            *slot = Some(verdict);
        }
        verdict
    }

    /// What a permission says; without policies nothing.
    pub(super) fn permission(&mut self, id: PermissionId) -> Option<Verdict> {
        let permission = self.model.permission(id).filter(|permission| !permission.policies.is_empty())?;
        let mut tally = Tally::default();
        for policy in &permission.policies {
            tally.add(self.policy(*policy));
        }
        Some(tally.verdict(permission.strategy))
    }

    /// The permissions found for an entry.
    pub(super) fn findings(&self, entry: &Entry) -> Vec<Finding> {
        let mut findings = match self.resource(entry) {
            Some(resource) => resource.findings.clone(),
            None => Vec::new(),
        };
        let fixed = findings.len();
        for scope in &entry.scopes {
            for permission in self.model.index.open_permissions(*scope) {
                if !findings.iter().skip(fixed).any(|found| found.permission == *permission) {
                    findings.push(Finding { permission: *permission, group: Group::Scope });
                }
            }
        }
        findings
    }

    /// Decides one entry.
    pub(super) fn entry(&mut self, entry: &Entry) -> Outcome {
        let mode = self.model.enforcement_mode();
        if mode == PolicyEnforcementMode::Disabled {
            return Outcome::Known(Some(entry.scopes.clone()));
        }
        let resource = self.resource(entry);
        if let Some(resource) = resource {
            if resource.owner_managed {
                return Outcome::Hidden(RemoteReason::OwnerManaged(resource.name.clone()));
            }
            if resource.ambiguous {
                return Outcome::Hidden(RemoteReason::NameShared(resource.name.clone()));
            }
        }
        let findings = self.findings(entry);
        if findings.is_empty() && mode == PolicyEnforcementMode::Permissive {
            return Outcome::Known(Some(entry.scopes.clone()));
        }
        let model = self.model;
        let mut weighed = Vec::with_capacity(findings.len());
        let (mut doubt, mut risk, mut fails) = (None, None, false);
        for Finding { permission: id, group } in findings {
            let (Some(verdict), Some(permission)) = (self.permission(id), model.permission(id)) else {
                continue;
            };
            let value = match verdict {
                Verdict::Permit => Value::Granted,
                Verdict::Deny => Value::Denied,
                Verdict::Unknown(unknown) => {
                    doubt.get_or_insert(unknown);
                    Value::Unknown
                }
                Verdict::Risky(unknown) => {
                    risk.get_or_insert(unknown);
                    Value::Unknown
                }
                Verdict::Fails => {
                    fails = true;
                    Value::Denied
                }
            };
            weighed.push(Weighed { permission, group, value });
        }
        if fails {
            return Outcome::Fails;
        }
        if let Some(risk) = risk {
            return Outcome::Hidden(self.because(risk));
        }
        let asked = Asked {
            own: resource.map(|resource| resource.own.as_slice()),
            user_owned: resource.is_some_and(|resource| resource.owner.is_some()),
            scopes: &entry.scopes,
            affirmative: model.decision_strategy() == DecisionStrategy::Affirmative,
        };
        let worst = combine(&asked, &weighed, Guess::Worst);
        if doubt.is_none() && !worst.undefined {
            return Outcome::Known(worst.granted);
        }
        let best = combine(&asked, &weighed, Guess::Best);
        if worst.granted == best.granted {
            return Outcome::Known(worst.granted);
        }
        let reason = match doubt {
            Some(doubt) => self.because(doubt),
            None => RemoteReason::OrderDecides,
        };
        Outcome::Open { worst: worst.granted, best: best.granted, reason }
    }

    /// Whether a policy about time was looked at.
    pub(super) fn looked_at_time(&self) -> bool {
        let looked_at =
            self.verdicts.iter().zip(&self.model.policies).filter(|(verdict, _)| verdict.is_some());
        looked_at.map(|(_, policy)| policy).any(Policy::is_about_time)
    }

    pub(super) fn resource(&self, entry: &Entry) -> Option<&'a Resource> {
        self.model.resources.get(entry.resource?)
    }

    pub(super) fn because(&self, doubt: Doubt) -> RemoteReason {
        let policy = self.model.policy(doubt.policy).map_or("", |policy| policy.name.as_str());
        RemoteReason::Policy { policy: policy.to_owned(), cause: doubt.cause }
    }

    pub(super) fn names(&self, scopes: &[ScopeId]) -> Vec<&'a str> {
        let model = self.model;
        scopes.iter().map(|scope| model.scope_name(*scope)).collect()
    }
}

#[cfg(test)]
mod tests;

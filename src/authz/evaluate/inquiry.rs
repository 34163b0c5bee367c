//! The plain question of a gateway: these scopes of this resource.

use super::{Entry, Evaluation, Outcome};
use crate::authz::Resource;
use crate::authz::identity::Identity;
use crate::authz::model::{Model, ScopeId};
use crate::authz::policy::{Facts, Policy};
use crate::authz::pushed::PushedClaims;
use crate::authz::reason::RemoteReason;
use crate::authz::trace::{Trace, TracedEntry};
use crate::authz::verdict::{Cause, Doubt, PolicyId, Verdict};

/// A question about one resource.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// Who asks.
    pub identity: &'a Identity,
    /// A resource of the model that is asked.
    pub resource: &'a Resource,
    /// The scopes; empty: all that the resource has.
    pub scopes: &'a [String],
    /// Keycloak's clock, seconds since 1970.
    pub now: i64,
    /// Claims that come with the request.
    pub pushed: &'a PushedClaims,
}

/// The answer to an [`Inquiry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluated<'m> {
    /// Keycloak grants these of the scopes; none of them, if the resource has none.
    Granted(Vec<&'m str>),
    /// Keycloak refuses.
    Refused,
    /// Keycloak knows none of the scopes for this resource, and says so: a refusal.
    UnknownScopes,
    /// Keycloak fails at a policy and answers with an error: a refusal.
    Fails,
    /// Keycloak has to be asked.
    NeedsKeycloak {
        /// What it surely grants; `None`: perhaps nothing at all.
        at_least: Option<Vec<&'m str>>,
        /// What it may grant; `None`: that is not known. What is not in it, is surely not granted.
        at_most: Option<Vec<&'m str>>,
        /// Why.
        reason: RemoteReason,
    },
}

impl Model {
    /// What Keycloak would grant to this identity, or that it has to be asked.
    pub fn evaluate(&self, inquiry: &Inquiry<'_>) -> Evaluated<'_> {
        self.inquire(inquiry, |_, _, _| ())
    }

    /// The same, and how it came about.
    pub fn explain(&self, inquiry: &Inquiry<'_>) -> (Evaluated<'_>, Trace) {
        let mut trace = Trace::default();
        let evaluated = self.inquire(inquiry, |evaluation, entry, outcome| {
            trace.entries.push(TracedEntry::new(evaluation, entry, outcome));
        });
        (evaluated, trace)
    }

    fn inquire(
        &self,
        inquiry: &Inquiry<'_>,
        look: impl FnOnce(&mut Evaluation<'_>, &Entry, &Outcome),
    ) -> Evaluated<'_> {
        let resource = inquiry.resource;
        if !self.resources.get(resource.place).is_some_and(|own| std::ptr::eq(own, resource)) {
            let reason = RemoteReason::Request("the resource is of other settings");
            return Evaluated::NeedsKeycloak { at_least: None, at_most: None, reason };
        }
        let scopes: Vec<ScopeId> = if inquiry.scopes.is_empty() {
            resource.all.clone()
        } else {
            let mut known: Vec<ScopeId> =
                inquiry.scopes.iter().filter_map(|scope| self.index.scope(scope)).collect();
            known.retain(|scope| resource.all.contains(scope));
            known.sort_unstable();
            known.dedup();
            if known.is_empty() {
                return Evaluated::UnknownScopes;
            }
            known
        };
        let entry = Entry { resource: Some(resource.place), scopes };
        let mut evaluation = Evaluation::new(self, self.facts(inquiry.identity, inquiry.pushed, inquiry.now));
        let outcome = evaluation.entry(&entry);
        look(&mut evaluation, &entry, &outcome);
        let names = |scopes: &[ScopeId]| scopes.iter().map(|scope| self.scope_name(*scope)).collect();
        match outcome {
            Outcome::Known(Some(scopes)) => Evaluated::Granted(names(&scopes)),
            Outcome::Known(None) => Evaluated::Refused,
            Outcome::Open { worst, best, reason } => Evaluated::NeedsKeycloak {
                at_least: worst.as_deref().map(names),
                at_most: best.as_deref().map(names),
                reason,
            },
            Outcome::Hidden(reason) => Evaluated::NeedsKeycloak { at_least: None, at_most: None, reason },
            Outcome::Fails => Evaluated::Fails,
        }
    }

    pub(in crate::authz) fn facts<'a>(
        &'a self,
        identity: &'a Identity,
        pushed: &'a PushedClaims,
        now: i64,
    ) -> Facts<'a> {
        Facts {
            identity,
            subject: identity.subject(&self.surroundings),
            pushed,
            now,
            surroundings: &self.surroundings,
        }
    }
}

impl Evaluation<'_> {
    /// Makes policies about user, client, time and claims of any kind say neither yes nor no.
    pub(in crate::authz) fn forget_particulars(&mut self) {
        for place in 0..self.model.policies.len() {
            let id = PolicyId(place);
            let is_particular = self.model.policy(id).is_some_and(Policy::is_about_particulars);
            if is_particular && matches!(self.policy(id), Verdict::Permit | Verdict::Deny) {
                // The cause is never told: whoever asks this way wants to know only whether there is a doubt.
                let doubt = Doubt { policy: id, cause: Cause::UserUnknown };
                if let Some(slot) = self.verdicts.get_mut(place) {
                    *slot = Some(Verdict::Unknown(doubt));
                }
            }
        }
    }
}

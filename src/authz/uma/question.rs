//! One question of the gateway's, as Keycloak would answer it.

use super::claim_token::may_push;
use super::error::RequestError;
use super::permission::{What, Wish};
use super::resolution::{Resolution, Stop};
use crate::authz::evaluate::{Entry, Evaluation, Outcome};
use crate::authz::model::{Model, ScopeId};
use crate::authz::permission::{Question, ResourceKey};
use crate::authz::pushed::{Circumstances, Pusher};
use crate::authz::reason::RemoteReason;
use crate::authz::rpt;
use crate::authz::trace::{Trace, TracedEntry, TracedOutcome};

/// What Keycloak would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::authz) enum Said {
    /// All that is asked for.
    Granted,
    /// Not, or not enough of it.
    Denied,
    /// It does not know what is asked for, or does not let the client ask.
    Unknown(RequestError),
    /// It fails at a policy.
    Fails,
    /// That has to be asked.
    NeedsKeycloak(RemoteReason),
}

/// What Keycloak would say, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::authz) struct Saying {
    pub(in crate::authz) said: Said,
    /// A policy about time had a part in it, so that it may be otherwise the next second.
    pub(in crate::authz) by_time: bool,
}

impl Model {
    /// The answer to one question, asked alone.
    pub(in crate::authz) fn say(&self, question: &Question, of: Circumstances<'_>) -> Saying {
        self.asked(question, of, |_| (), &mut |_, _, _| ())
    }

    /// The same for somebody of whom only roles, scopes and groups are told: user, client, time and other claims may be
    /// anything, and Keycloak is needed for what depends on them.
    pub(in crate::authz) fn say_open_ended(&self, question: &Question, of: Circumstances<'_>) -> Saying {
        let forget = |evaluation: &mut Evaluation<'_>| evaluation.forget_particulars();
        self.asked(question, of, forget, &mut |_, _, _| ())
    }

    /// The same, and how it came about.
    pub(in crate::authz) fn say_why(&self, question: &Question, of: Circumstances<'_>) -> (Saying, Trace) {
        let mut entries = Vec::new();
        let mut look = |evaluation: &mut Evaluation<'_>, entry: &Entry, outcome: &Outcome| {
            entries.push(TracedEntry::new(evaluation, entry, outcome));
        };
        let saying = self.asked(question, of, |_| (), &mut look);
        if entries.is_empty() {
            entries.extend(TracedEntry::undecided(question, &saying.said));
        }
        (saying, Trace { entries })
    }

    fn asked(
        &self,
        question: &Question,
        Circumstances { identity, pushed, pusher, now }: Circumstances<'_>,
        prepare: impl FnOnce(&mut Evaluation<'_>),
        look: &mut dyn FnMut(&mut Evaluation<'_>, &Entry, &Outcome),
    ) -> Saying {
        let plain = |said| Saying { said, by_time: false };
        if !pushed.is_empty()
            && pusher == Pusher::Caller
            && let Err(stop) = may_push(identity, &self.surroundings)
        {
            return plain(stop.into());
        }
        let mut resolution = Resolution::new(self, identity.subject(&self.surroundings));
        let wish = Wish { what: What::Named(question.resource.clone()), scopes: question.scopes.clone() };
        if let Err(stop) = resolution.wish(&wish, &[]) {
            return plain(stop.into());
        }
        if let Some(doubt) = resolution.doubt {
            return plain(Said::NeedsKeycloak(doubt));
        }
        let mut evaluation = Evaluation::new(self, self.facts(identity, pushed, now));
        prepare(&mut evaluation);
        let (mut granted, mut open, mut hidden) = (false, None, None);
        for entry in &resolution.entries {
            let is_asked = evaluation.resource(entry).is_some_and(|resource| match question.by {
                ResourceKey::Name => *resource.name() == *question.resource,
                ResourceKey::Id => resource.id() == Some(&question.resource),
            });
            let suffices = |scopes: &Option<Vec<ScopeId>>| {
                is_asked
                    && scopes.as_deref().is_some_and(|scopes| {
                        let names: Vec<&str> = scopes.iter().map(|scope| self.scope_name(*scope)).collect();
                        rpt::holds(&names, question)
                    })
            };
            let outcome = evaluation.entry(entry);
            look(&mut evaluation, entry, &outcome);
            match outcome {
                Outcome::Known(scopes) => granted |= suffices(&scopes),
                Outcome::Open { worst, best, reason } => {
                    granted |= suffices(&worst);
                    if suffices(&best) {
                        open.get_or_insert(reason);
                    }
                }
                Outcome::Hidden(reason) => {
                    hidden.get_or_insert(reason);
                }
                Outcome::Fails => return Saying { said: Said::Fails, by_time: evaluation.looked_at_time() },
            }
        }
        let said = match (hidden, open) {
            // One entry that fails is the end of the whole request.
            (Some(reason), _) => Said::NeedsKeycloak(reason),
            _ if granted => Said::Granted,
            (None, Some(reason)) => Said::NeedsKeycloak(reason),
            (None, None) => Said::Denied,
        };
        Saying { said, by_time: evaluation.looked_at_time() }
    }
}

impl TracedEntry {
    /// Of a question that nothing is decided for.
    fn undecided(question: &Question, said: &Said) -> Option<Self> {
        let outcome = match said {
            Said::Unknown(error) => TracedOutcome::Unknown(error.description.clone()),
            Said::NeedsKeycloak(reason) => TracedOutcome::NeedsKeycloak(reason.clone()),
            // The resource has none of the scopes.
            Said::Denied => TracedOutcome::Refused,
            Said::Granted | Said::Fails => return None,
        };
        Some(Self {
            resource: Some(question.resource.clone()),
            scopes: question.scopes.clone(),
            outcome,
            permissions: Vec::new(),
        })
    }
}

impl From<Stop> for Said {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Error(error) => Self::Unknown(error),
            Stop::Remote(reason) => Self::NeedsKeycloak(reason),
        }
    }
}

#[cfg(test)]
mod tests;

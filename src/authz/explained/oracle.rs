//! What is known to a question without asking Keycloak, and how it came about.

use super::{Basis, Explained, Need, Supposition};
use crate::authz::authorizer::Authorizer;
use crate::authz::evaluate::{Evaluated, Inquiry};
use crate::authz::outcomes::Outcomes;
use crate::authz::requirement::{Question, RequestFacts, Requirement, ResourceKey};
use crate::authz::{Model, PolicyEnforcementMode, Resource, Trace, rpt};
use crate::oidc::GrantedPermission;

/// An answer to a question.
pub(in crate::authz) struct Known {
    pub(in crate::authz) outcomes: Outcomes,
    /// It is open only because of what is not supposed.
    pub(in crate::authz) depends: bool,
    pub(in crate::authz) basis: Basis,
    pub(in crate::authz) note: Option<String>,
    pub(in crate::authz) trace: Option<Trace>,
    pub(in crate::authz) need: Option<Need>,
}

impl Authorizer {
    /// Explains how a requirement comes out, from the token and the settings alone.
    pub fn explain(&self, requirement: &Requirement, supposed: &Supposition<'_>) -> Explained {
        let model = self.model();
        let model = model.as_deref();
        let oracle = Oracle {
            supposed,
            model,
            permissions: rpt::permissions(supposed.principal, self.remote().resource_server()),
        };
        let facts = RequestFacts { method: supposed.method, path: supposed.path };
        requirement.explain(supposed, facts, model, &|question| oracle.answer(question))
    }
}

struct Oracle<'a> {
    supposed: &'a Supposition<'a>,
    model: Option<&'a Model>,
    permissions: &'a [GrantedPermission],
}

impl Oracle<'_> {
    fn answer(&self, question: &Question) -> Known {
        if rpt::settles(self.permissions, question, self.supposed.pushed) {
            return Known::new(Outcomes::MET, Basis::Rpt);
        }
        let asks = |note: &str| Known::new(Outcomes::OPEN, Basis::Keycloak).noted(note);
        let known = match (self.model, self.supposed.identity) {
            (None, _) => asks("no authorization settings are loaded"),
            (_, Err(reason)) => asks(reason),
            (Some(model), Ok(identity)) => match resource(model, question) {
                Some(resource) => {
                    let Supposition { pushed, now, .. } = *self.supposed;
                    let inquiry = Inquiry { identity, resource, scopes: &question.scopes, now, pushed };
                    self.evaluate(model, question, &inquiry)
                }
                None => asks("the settings have not exactly one resource of this name or id"),
            },
        };
        if known.outcomes == Outcomes::MET || known.need.is_some() {
            return known;
        }
        let need = Need::This(format!("keycloak's yes to permission `{}`", question.spelled()));
        Known { need: Some(need), ..known }
    }

    fn evaluate(&self, model: &Model, question: &Question, inquiry: &Inquiry<'_>) -> Known {
        let (evaluated, trace) = model.explain(inquiry);
        let outcomes = outcomes(question, &evaluated);
        let has_no_permission =
            !trace.entries.iter().flat_map(|entry| &entry.permissions).any(|permission| permission.has_say);
        let mut known = Known::new(outcomes, Basis::Settings);
        match (&evaluated, model.enforcement_mode()) {
            (Evaluated::NeedsKeycloak { reason, .. }, _) if outcomes.is_open() => {
                known = known.noted(&reason.to_string());
                known.basis = Basis::Keycloak;
            }
            (Evaluated::UnknownScopes, _) => {
                known = known.noted("the resource has none of these scopes");
                known.need = Some(Need::This(format!("these scopes at resource `{}`", question.resource)));
            }
            (Evaluated::Fails, _) => {
                known = known.noted("keycloak fails at a policy, which refuses everything");
                known.need = Some(Need::of_trace(&trace, model, question));
            }
            (_, PolicyEnforcementMode::Disabled) => {
                known = known.noted("the settings' enforcement mode is `DISABLED`: everything is granted");
            }
            (Evaluated::Granted(_), PolicyEnforcementMode::Permissive)
                if trace.entries.iter().all(|entry| entry.permissions.is_empty()) =>
            {
                known = known.noted("no permission is about it, and the settings' mode is `PERMISSIVE`");
            }
            (Evaluated::Refused, _) if has_no_permission => {
                known = known.noted("no permission of the settings is about it");
            }
            _ => {}
        }
        if outcomes != Outcomes::MET && outcomes != Outcomes::STUCK && known.basis == Basis::Settings {
            known.need = Some(Need::of_trace(&trace, model, question));
        }
        if self.supposed.open_ended && !outcomes.is_open() {
            let open_ended = self::outcomes(question, &model.evaluate_open_ended(inquiry));
            if open_ended.is_open() {
                known.outcomes = open_ended;
                known.depends = true;
                if outcomes == Outcomes::MET {
                    known.need = Need::of_grants(&trace);
                }
            }
        }
        known.trace = Some(trace);
        known
    }
}

impl Known {
    const fn new(outcomes: Outcomes, basis: Basis) -> Self {
        Self { outcomes, depends: false, basis, note: None, trace: None, need: None }
    }

    fn noted(self, note: &str) -> Self {
        Self { note: Some(note.to_owned()), ..self }
    }
}

/// The resource that is asked for, if the settings tell which it is.
fn resource<'a>(model: &'a Model, question: &Question) -> Option<&'a Resource> {
    match question.by {
        ResourceKey::Name => model.named(&question.resource),
        ResourceKey::Id => model.with_id(&question.resource),
    }
}

/// What an evaluation means for a question.
fn outcomes(question: &Question, evaluated: &Evaluated<'_>) -> Outcomes {
    let settles =
        |granted: &[&str]| question.answer(&|_, scope: &str| scope.is_empty() || granted.contains(&scope));
    match evaluated {
        Evaluated::Granted(granted) => Outcomes::of(settles(granted)),
        Evaluated::Refused => Outcomes::UNMET,
        // Neither is a no that a `not` could be built on.
        Evaluated::Fails | Evaluated::UnknownScopes => Outcomes::STUCK,
        Evaluated::NeedsKeycloak { at_most: Some(most), .. } if !settles(most) => Outcomes::UNMET,
        Evaluated::NeedsKeycloak { at_least: Some(least), .. } if settles(least) => Outcomes::MET,
        Evaluated::NeedsKeycloak { .. } => Outcomes::OPEN,
    }
}

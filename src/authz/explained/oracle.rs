//! What is known to a question without asking Keycloak, and how it came about.

use super::{Basis, Explained, Need, Standing, Supposition};
use crate::authz::asker::AskerRef;
use crate::authz::authorizer::Authorizer;
use crate::authz::decision::{Decision, DecisionSource, RefusalCode};
use crate::authz::evidence::{Evidence, Findings};
use crate::authz::means::Means;
use crate::authz::outcomes::Outcomes;
use crate::authz::pushed::{Circumstances, Pusher};
use crate::authz::requirement::{Question, RequestFacts, Requirement};
use crate::authz::uma::Said;
use crate::authz::{Model, PolicyEnforcementMode, Trace, rpt, spelling};
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
    /// Explains how a requirement comes out, from the token and the settings alone: decided as [`Authorizer::decide`] does
    /// while nothing is remembered, up to where it would ask Keycloak.
    pub fn explain(&self, requirement: &Requirement, supposed: &Supposition<'_>) -> Explained {
        let means = self.means(supposed.evaluation);
        let permissions = rpt::permissions(supposed.principal, self.remote().resource_server());
        let oracle = Oracle { supposed, means: &means, pusher: self.remote().pusher(), permissions };
        let facts = RequestFacts { method: supposed.method, path: supposed.path };
        let mut evidence = oracle.evidence();
        let judged = evidence.judge(requirement, supposed.principal, facts, &means);
        let rule = requirement.explain(supposed, facts, means.model(), &|question| oracle.answer(question));
        let need = rule.as_ref().and_then(|rule| Need::of_rule(rule, true));
        let standing = rule.as_ref().map_or(Standing::Met, |rule| rule.standing);
        let basis = match &judged {
            Ok(_) => Basis::from(evidence.findings.source),
            Err(_) if means.asks_keycloak() => Basis::Keycloak,
            Err(_) => Basis::Settings,
        };
        let explained = Explained { standing, rule, refusal: None, remote_reason: None, basis, need };
        match means.conclude(judged) {
            _ if standing == Standing::Depends => explained,
            Err(_) if means.are_awaited() => explained.awaiting_settings(),
            Err(open) => {
                Explained { standing: Standing::AsksKeycloak, remote_reason: open.reason, ..explained }
            }
            Ok(Decision::Granted(_)) => Explained { standing: Standing::Met, ..explained },
            Ok(Decision::Refused(refusal))
                if refusal.code == RefusalCode::DecisionUnavailable && means.are_awaited() =>
            {
                explained.awaiting_settings()
            }
            Ok(Decision::Refused(refusal)) => {
                let standing = if standing == Standing::Unclear { standing } else { Standing::NotMet };
                Explained { standing, refusal: Some(refusal), ..explained }
            }
        }
    }
}

impl Explained {
    /// A gateway that runs has fetched them, and here they are not.
    fn awaiting_settings(self) -> Self {
        let need =
            Need::This("the authorization settings, which the gateway fetches from keycloak".to_owned());
        Self { standing: Standing::Depends, need: Some(need), ..self }
    }
}

impl From<DecisionSource> for Basis {
    fn from(source: DecisionSource) -> Self {
        match source {
            DecisionSource::Route | DecisionSource::Claims => Self::Claims,
            DecisionSource::Rpt => Self::Rpt,
            DecisionSource::Local => Self::Settings,
            DecisionSource::Cache | DecisionSource::Keycloak => Self::Keycloak,
        }
    }
}

struct Oracle<'a> {
    supposed: &'a Supposition<'a>,
    means: &'a Means,
    /// In whose name claims are pushed.
    pusher: Pusher,
    permissions: &'a [GrantedPermission],
}

impl Oracle<'_> {
    /// What the gateway has before it asks anybody, and before it remembers anything.
    fn evidence(&self) -> Evidence<'_> {
        let Supposition { identity, pushed, now, .. } = *self.supposed;
        Evidence {
            permissions: self.permissions,
            fresh: &[],
            cache: None,
            settings: self.means.settings(identity),
            asker: AskerRef { token: "", pushed },
            pusher: self.pusher,
            version: self.means.version(),
            now,
            findings: Findings::new(),
        }
    }

    fn answer(&self, question: &Question) -> Known {
        let mut evidence = self.evidence();
        let answer = evidence.answer(question);
        if evidence.findings.source == DecisionSource::Rpt {
            return Known::new(Outcomes::MET, Basis::Rpt);
        }
        let mut known = match answer {
            Some(outcomes) => Known::new(outcomes, Basis::Settings),
            None if self.means.asks_keycloak() => Known::new(Outcomes::OPEN, Basis::Keycloak),
            None => Known::new(Outcomes::STUCK, Basis::Settings),
        };
        known.note = evidence.findings.reason.take();
        if let Err(refusal) = spelling::check(std::slice::from_ref(question)) {
            known = Known { note: Some(refusal.detail), ..Known::new(Outcomes::STUCK, Basis::Settings) };
        } else if let Ok((model, identity)) = evidence.settings {
            let of = evidence.circumstances(identity);
            known.elaborate(question, model, of);
            if self.supposed.open_ended && answer.is_some() {
                known.open(question, model, of);
            }
        }
        if known.outcomes != Outcomes::MET && known.need.is_none() {
            known.need = Some(Need::This(format!("keycloak's yes to permission `{}`", question.spelled())));
        }
        known
    }
}

impl Known {
    const fn new(outcomes: Outcomes, basis: Basis) -> Self {
        Self { outcomes, depends: false, basis, note: None, trace: None, need: None }
    }

    /// Adds how the settings came to the answer.
    fn elaborate(&mut self, question: &Question, model: &Model, of: Circumstances<'_>) {
        let (saying, trace) = model.say_why(question, of);
        let mut permissions = trace.entries.iter().flat_map(|entry| &entry.permissions);
        let note = match (&saying.said, model.enforcement_mode()) {
            (Said::Unknown(error), _) => {
                self.need = Some(Need::This(match error.error {
                    "invalid_grant" => {
                        "a token of a confidential client, or a `client_secret` of the gateway's, as the \
                         route pushes claims"
                            .to_owned()
                    }
                    _ => format!("a resource and scopes that keycloak knows as `{}`", question.spelled()),
                }));
                Some(format!("keycloak answers: {}", error.description))
            }
            (Said::Fails, _) => {
                self.need = Some(Need::of_trace(&trace, model, question));
                Some("keycloak fails at a policy, which refuses everything".to_owned())
            }
            (Said::NeedsKeycloak(_), _) => None,
            (_, PolicyEnforcementMode::Disabled) => {
                Some("the settings' enforcement mode is `DISABLED`: everything is granted".to_owned())
            }
            (Said::Granted, PolicyEnforcementMode::Permissive) if permissions.next().is_none() => {
                Some("no permission is about it, and the settings' mode is `PERMISSIVE`".to_owned())
            }
            (Said::Denied, _) => {
                self.need = Some(Need::of_trace(&trace, model, question));
                let is_about_it = permissions.any(|permission| permission.has_say);
                (!is_about_it).then(|| "no permission of the settings is about it".to_owned())
            }
            (Said::Granted, _) => None,
        };
        if note.is_some() {
            self.note = note;
        }
        self.trace = Some(trace);
    }

    /// Opens the answer again where it depends on what is not supposed.
    fn open(&mut self, question: &Question, model: &Model, of: Circumstances<'_>) {
        let open_ended = model.say_open_ended(question, of);
        if !matches!(open_ended.said, Said::NeedsKeycloak(_)) {
            return;
        }
        if self.outcomes == Outcomes::MET {
            self.need = self.trace.as_ref().and_then(Need::of_grants);
        }
        self.outcomes = Outcomes::OPEN;
        self.depends = true;
    }
}

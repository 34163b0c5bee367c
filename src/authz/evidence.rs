//! What is known for one request before Keycloak is asked, and after.

use super::asker::AskerRef;
use super::cache::{DecisionCache, Verdict};
use super::decision::{Decision, DecisionSource, Keep, Permit, PermitMode, Refusal, RefusalCode};
use super::identity::Identity;
use super::means::Means;
use super::model::Model;
use super::outcomes::Outcomes;
use super::pushed::{Circumstances, Pusher};
use super::requirement::{Judgement, Question, RequestFacts, Requirement};
use super::uma::{Said, Saying};
use super::{Trace, rpt, spelling};
use crate::oidc::GrantedPermission;
use crate::telemetry::metrics;
use crate::token::Principal;

/// Answers questions from the token, from what Keycloak said for this request, from what it said before, and by evaluating
/// its settings; in this order.
pub(super) struct Evidence<'a> {
    /// The permissions inside the token that count.
    pub(super) permissions: &'a [GrantedPermission],
    /// What Keycloak said for this request.
    pub(super) fresh: &'a [(Question, Verdict)],
    /// What it said before; none: that does not count.
    pub(super) cache: Option<&'a DecisionCache>,
    /// The settings, to evaluate them for the token; or why they are not.
    pub(super) settings: Result<(&'a Model, &'a Identity), &'static str>,
    /// Who asks.
    pub(super) asker: AskerRef<'a>,
    /// In whose name claims are pushed.
    pub(super) pusher: Pusher,
    /// The settings the decisions must have been made under.
    pub(super) version: u64,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// What was found so far.
    pub(super) findings: Findings,
}

/// What was found on the way to a decision.
#[derive(Debug)]
pub(super) struct Findings {
    /// Who has answered so far.
    pub(super) source: DecisionSource,
    /// Keycloak does not take the token: no answer is a yes then, also not to the opposite question.
    pub(super) token_refused: bool,
    /// What Keycloak fails at a policy of, and so at everything that is asked together with it.
    pub(super) fails: Option<Question>,
    /// Why Keycloak has to be asked: the first reason.
    pub(super) reason: Option<String>,
    /// What the settings come to.
    pub(super) local: Vec<(Question, Option<Verdict>)>,
    /// A policy about time had a part in it.
    pub(super) by_time: bool,
}

/// The questions that are still to be asked, and why.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) questions: Vec<Question>,
    pub(super) reason: Option<String>,
}

impl Evidence<'_> {
    /// The answer, if it is known.
    pub(super) fn answer(&mut self, question: &Question) -> Option<Outcomes> {
        if rpt::settles(self.permissions, question, self.asker.pushed) {
            self.findings.note(DecisionSource::Rpt);
            return Some(Outcomes::MET);
        }
        if let Some((_, verdict)) = self.fresh.iter().find(|(asked, _)| asked == question) {
            self.findings.note(DecisionSource::Keycloak);
            return Some(self.findings.weigh(*verdict));
        }
        if let Some(cache) = self.cache {
            let remembered = cache.get(self.asker, question, self.version, self.now);
            metrics().cache("decision", remembered.is_some());
            if let Some(verdict) = remembered {
                self.findings.note(DecisionSource::Cache);
                return Some(self.findings.weigh(verdict));
            }
        }
        let verdict = self.evaluate(question)?;
        self.findings.note(DecisionSource::Local);
        Some(self.findings.weigh(verdict))
    }

    /// Those of a question that is left to the settings.
    pub(super) fn circumstances<'e>(&'e self, identity: &'e Identity) -> Circumstances<'e> {
        Circumstances { identity, pushed: self.asker.pushed, pusher: self.pusher, now: self.now }
    }

    /// What the settings come to, once for each question.
    fn evaluate(&mut self, question: &Question) -> Option<Verdict> {
        if let Some((_, known)) = self.findings.local.iter().find(|(known, _)| known == question) {
            return *known;
        }
        let verdict = match self.settings {
            Ok(_) if spelling::check(std::slice::from_ref(question)).is_err() => None,
            Ok((model, identity)) => {
                let saying = model.say(question, self.circumstances(identity));
                self.findings.take(saying, question)
            }
            Err(reason) => {
                self.findings.reason.get_or_insert_with(|| reason.to_owned());
                None
            }
        };
        self.findings.local.push((question.clone(), verdict));
        verdict
    }

    /// Judges by what is known: the decision, or the questions that are still to be asked.
    pub(super) fn judge(
        &mut self,
        requirement: &Requirement,
        principal: &Principal,
        request: RequestFacts<'_>,
        means: &Means,
    ) -> Result<Decision, Open> {
        let judgement =
            requirement.judge(principal, request, means.model(), &mut |question| self.answer(question));
        self.settle(judgement, means.fresh_until(self.now))
    }

    /// `fresh_until`: how long the settings are good.
    fn settle(&self, judgement: Judgement, fresh_until: i64) -> Result<Decision, Open> {
        let findings = &self.findings;
        if findings.token_refused {
            let detail =
                "keycloak does not take the token: it is revoked, or its session has ended".to_owned();
            return Ok(Decision::Refused(Refusal::new(RefusalCode::TokenRefused, findings.source, detail)));
        }
        if let Some(question) = &findings.fails {
            let detail = format!("keycloak fails at a policy of resource `{}`", question.resource);
            let refusal = Refusal::new(RefusalCode::DecisionUnavailable, DecisionSource::Local, detail);
            let trace = self.trace(std::slice::from_ref(question));
            return Ok(Decision::Refused(Refusal { trace, ..refusal }));
        }
        match judgement {
            Judgement::Met => {
                let lasts = matches!(
                    findings.source,
                    DecisionSource::Claims | DecisionSource::Rpt | DecisionSource::Local
                ) && !findings.by_time
                    && self.asker.pushed.is_empty();
                let keep = lasts.then_some(Keep { version: self.version, until: fresh_until });
                Ok(Decision::Granted(Permit::grant(PermitMode::Granted, findings.source).kept(keep)))
            }
            Judgement::NotMet { mut refusal, by } => {
                if !by.is_empty() {
                    refusal.source = findings.source;
                }
                refusal.trace = self.trace(&by);
                Ok(Decision::Refused(refusal))
            }
            Judgement::Open(questions) => Err(Open { questions, reason: findings.reason.clone() }),
        }
    }

    /// How those of the questions came to no yes that the settings answered: evaluated again, as what is granted shall not
    /// pay for it.
    fn trace(&self, questions: &[Question]) -> Option<Box<Trace>> {
        let (model, identity) = self.settings.ok()?;
        let is_refused = |question: &&Question| {
            let known = self.findings.local.iter().find(|(known, _)| known == *question);
            matches!(known, Some((_, Some(Verdict::Denied | Verdict::Unknown))))
        };
        let mut trace = Trace::default();
        for question in questions.iter().filter(is_refused) {
            let (_, why) = model.say_why(question, self.circumstances(identity));
            trace.entries.extend(why.entries);
        }
        (!trace.entries.is_empty()).then(|| Box::new(trace))
    }
}

impl Findings {
    pub(super) fn new() -> Self {
        Self {
            source: DecisionSource::Claims,
            token_refused: false,
            fails: None,
            reason: None,
            local: Vec::new(),
            by_time: false,
        }
    }

    /// What was said of a question, as a verdict if it is one.
    fn take(&mut self, saying: Saying, question: &Question) -> Option<Verdict> {
        self.by_time |= saying.by_time;
        match saying.said {
            Said::Granted => Some(Verdict::Granted),
            Said::Denied => Some(Verdict::Denied),
            Said::Unknown(_) => Some(Verdict::Unknown),
            Said::Fails => {
                self.fails.get_or_insert_with(|| question.clone());
                Some(Verdict::Unknown)
            }
            Said::NeedsKeycloak(reason) => {
                self.reason.get_or_insert_with(|| reason.to_string());
                None
            }
        }
    }

    fn weigh(&mut self, verdict: Verdict) -> Outcomes {
        self.token_refused |= verdict == Verdict::TokenRefused;
        match verdict {
            Verdict::Granted => Outcomes::MET,
            Verdict::Denied => Outcomes::UNMET,
            Verdict::Unknown | Verdict::TokenRefused => Outcomes::STUCK,
        }
    }

    /// The farthest of those who answered is named.
    fn note(&mut self, source: DecisionSource) {
        let distance = |source| match source {
            DecisionSource::Route => 0,
            DecisionSource::Claims => 1,
            DecisionSource::Rpt => 2,
            DecisionSource::Local => 3,
            DecisionSource::Cache => 4,
            DecisionSource::Keycloak => 5,
        };
        if distance(source) > distance(self.source) {
            self.source = source;
        }
    }
}

//! What is known for one request before Keycloak is asked, and after.

use super::cache::{DecisionCache, Verdict};
use super::decision::{Decision, DecisionSource, Permit, PermitMode, Refusal, RefusalCode};
use super::outcomes::Outcomes;
use super::requirement::{Judgement, Question};
use super::rpt;
use crate::oidc::GrantedPermission;
use crate::telemetry::metrics;

/// Answers questions from the token, from what Keycloak said for this request, and from what it said before.
pub(super) struct Evidence<'a> {
    /// The permissions inside the token that count.
    pub(super) permissions: &'a [GrantedPermission],
    /// What Keycloak said for this request.
    pub(super) fresh: &'a [(Question, Verdict)],
    /// What it said before.
    pub(super) cache: &'a DecisionCache,
    /// The caller's token.
    pub(super) token: &'a str,
    /// The settings the decisions must have been made under.
    pub(super) version: u64,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// Who has answered so far.
    pub(super) source: DecisionSource,
    /// Keycloak does not take the token: no answer is a yes then, also not to the opposite question.
    pub(super) token_refused: bool,
}

impl Evidence<'_> {
    /// The answer, if it is known.
    pub(super) fn answer(&mut self, question: &Question) -> Option<Outcomes> {
        if rpt::grants(self.permissions, question) {
            self.note(DecisionSource::Rpt);
            return Some(Outcomes::MET);
        }
        if let Some((_, verdict)) = self.fresh.iter().find(|(asked, _)| asked == question) {
            self.note(DecisionSource::Keycloak);
            return Some(self.weigh(*verdict));
        }
        let remembered = self.cache.get(self.token, question, self.version, self.now);
        metrics().cache("decision", remembered.is_some());
        let verdict = remembered?;
        self.note(DecisionSource::Cache);
        Some(self.weigh(verdict))
    }

    /// The decision, or the questions that are still to be asked.
    pub(super) fn settle(&self, judgement: Judgement) -> Result<Decision, Vec<Question>> {
        if self.token_refused {
            return Ok(Decision::Refused(Refusal {
                code: RefusalCode::TokenRefused,
                source: self.source,
                detail: "keycloak does not take the token: it is revoked, or its session has ended"
                    .to_owned(),
                scopes: Vec::new(),
                permissions: Vec::new(),
            }));
        }
        match judgement {
            Judgement::Met => Ok(Decision::Granted(Permit::grant(PermitMode::Granted, self.source))),
            Judgement::NotMet(mut refusal) => {
                if refusal.code == RefusalCode::PermissionDenied {
                    refusal.source = self.source;
                }
                Ok(Decision::Refused(refusal))
            }
            Judgement::Open(questions) => Err(questions),
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
            DecisionSource::Cache => 3,
            DecisionSource::Keycloak => 4,
        };
        if distance(source) > distance(self.source) {
            self.source = source;
        }
    }
}

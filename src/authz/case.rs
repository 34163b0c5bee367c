//! One request that is to be decided.

use std::sync::Arc;

use super::cache::{TokenText, Verdict};
use super::decision::{Decision, DecisionSource, Refusal, RefusalCode};
use super::evidence::Evidence;
use super::model::Model;
use super::remote::{Inquiry, Remote};
use super::requirement::{Question, RequestFacts, Requirement};
use super::{rpt, spelling};
use crate::token::VerifiedToken;

/// How often Keycloak's answers may lead to further questions.
const ROUNDS: usize = 4;

/// One request, borrowed.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) requirement: &'a Arc<Requirement>,
    pub(super) token: &'a Arc<VerifiedToken>,
    pub(super) facts: RequestFacts<'a>,
    /// The caller's token, as it came.
    pub(super) bearer: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
}

impl Case<'_> {
    /// The decision, or the questions that are still to be asked.
    pub(super) fn judge(
        &self,
        remote: &Remote,
        model: Option<&Model>,
        fresh: &[(Question, Verdict)],
    ) -> Result<Decision, Vec<Question>> {
        let principal = &self.token.principal;
        let mut evidence = Evidence {
            permissions: rpt::permissions(principal, remote.resource_server()),
            fresh,
            cache: remote.cache(),
            token: self.bearer,
            version: remote.version(),
            now: self.now,
            source: DecisionSource::Claims,
            token_refused: false,
        };
        let judgement =
            self.requirement.judge(principal, self.facts, model, &mut |question| evidence.answer(question));
        evidence.settle(judgement)
    }

    /// The same, to be taken away and concluded later.
    pub(super) fn inquest(&self, remote: &Arc<Remote>, model: Option<&Arc<Model>>) -> Inquest {
        Inquest {
            remote: Arc::clone(remote),
            model: model.cloned(),
            requirement: Arc::clone(self.requirement),
            token: Arc::clone(self.token),
            bearer: Arc::new(TokenText::new(self.bearer)),
            method: self.facts.method.clone(),
            path: self.facts.path.to_owned(),
            now: self.now,
        }
    }
}

/// One request that Keycloak has to be asked about, owned.
pub(super) struct Inquest {
    remote: Arc<Remote>,
    model: Option<Arc<Model>>,
    requirement: Arc<Requirement>,
    token: Arc<VerifiedToken>,
    bearer: Arc<TokenText>,
    method: http::Method,
    path: String,
    now: i64,
}

impl Inquest {
    /// Asks Keycloak until the requirement is judged.
    pub(super) async fn conclude(self, mut open: Vec<Question>) -> Decision {
        let mut known = Vec::new();
        for _ in 0..ROUNDS {
            if let Err(refusal) = spelling::check(&open) {
                return Decision::Refused(refusal);
            }
            let inquiry = Inquiry {
                token: Arc::clone(&self.bearer),
                questions: open,
                now: self.now,
                usable_until: self.token.usable_until,
            };
            match self.remote.ask(inquiry).await {
                Ok(verdicts) => known.extend(verdicts.iter().cloned()),
                Err(error) => return unavailable(error.to_string()),
            }
            match self.case().judge(&self.remote, self.model.as_deref(), &known) {
                Ok(decision) => return decision,
                Err(questions) => open = questions,
            }
        }
        unavailable("keycloak's answers led to ever new questions".to_owned())
    }

    fn case(&self) -> Case<'_> {
        Case {
            requirement: &self.requirement,
            token: &self.token,
            facts: RequestFacts { method: &self.method, path: &self.path },
            bearer: self.bearer.as_str(),
            now: self.now,
        }
    }
}

fn unavailable(detail: String) -> Decision {
    Decision::Refused(Refusal {
        code: RefusalCode::DecisionUnavailable,
        source: DecisionSource::Keycloak,
        detail,
        scopes: Vec::new(),
        permissions: Vec::new(),
    })
}

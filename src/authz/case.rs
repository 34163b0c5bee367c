//! One request that is to be decided.

use std::sync::Arc;

use super::asker::{Asker, AskerRef};
use super::cache::Verdict;
use super::decision::{Decision, DecisionSource, Refusal, RefusalCode};
use super::evidence::{Evidence, Findings, Open};
use super::identity::Identity;
use super::means::Means;
use super::pushed::PushedClaims;
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
    /// What Keycloak makes of the token, if that is known.
    pub(super) identity: Option<&'a Arc<Identity>>,
    pub(super) facts: RequestFacts<'a>,
    /// The caller's token, as it came.
    pub(super) bearer: &'a str,
    pub(super) pushed: &'a PushedClaims,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// What may be used to decide.
    pub(super) means: &'a Means,
}

/// How a case stands.
pub(super) struct Judged {
    /// The decision, or the questions that are still to be asked.
    pub(super) outcome: Result<Decision, Open>,
    /// What the settings came to.
    pub(super) local: Vec<(Question, Option<Verdict>)>,
}

impl Case<'_> {
    /// Judges by what is known.
    pub(super) fn judge(&self, remote: &Remote, fresh: &[(Question, Verdict)]) -> Judged {
        let principal = &self.token.principal;
        let mut evidence = Evidence {
            permissions: rpt::permissions(principal, remote.resource_server()),
            fresh,
            cache: self.means.asks_keycloak().then(|| &**remote.cache()),
            settings: self.means.settings(self.identity.map(|identity| &**identity)),
            asker: self.asker(),
            pusher: remote.pusher(),
            version: self.means.version(),
            now: self.now,
            findings: Findings::new(),
        };
        let outcome = evidence.judge(self.requirement, principal, self.facts, self.means);
        Judged { outcome, local: evidence.findings.local }
    }

    pub(super) fn asker(&self) -> AskerRef<'_> {
        AskerRef { token: self.bearer, pushed: self.pushed }
    }

    /// The same, to be taken away and concluded later.
    pub(super) fn inquest(&self, remote: &Arc<Remote>) -> Inquest {
        Inquest {
            remote: Arc::clone(remote),
            means: self.means.clone(),
            requirement: Arc::clone(self.requirement),
            token: Arc::clone(self.token),
            identity: self.identity.cloned(),
            asker: Arc::new(Asker::new(self.asker())),
            method: self.facts.method.clone(),
            path: self.facts.path.to_owned(),
            now: self.now,
        }
    }
}

/// One request that Keycloak has to be asked about, owned.
pub(super) struct Inquest {
    remote: Arc<Remote>,
    means: Means,
    requirement: Arc<Requirement>,
    token: Arc<VerifiedToken>,
    identity: Option<Arc<Identity>>,
    asker: Arc<Asker>,
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
                asker: Arc::clone(&self.asker),
                version: self.means.version(),
                questions: open,
                now: self.now,
                usable_until: self.token.usable_until,
            };
            match self.remote.ask(inquiry).await {
                Ok(verdicts) => known.extend(verdicts.iter().cloned()),
                Err(error) => return unavailable(DecisionSource::Keycloak, error.to_string()),
            }
            match self.case().judge(&self.remote, &known).outcome {
                Ok(decision) => return decision,
                Err(still) => open = still.questions,
            }
        }
        let detail = "keycloak's answers led to ever new questions";
        unavailable(DecisionSource::Keycloak, detail.to_owned())
    }

    fn case(&self) -> Case<'_> {
        let AskerRef { token, pushed } = self.asker.borrowed();
        Case {
            requirement: &self.requirement,
            token: &self.token,
            identity: self.identity.as_ref(),
            facts: RequestFacts { method: &self.method, path: &self.path },
            bearer: token,
            pushed,
            now: self.now,
            means: &self.means,
        }
    }
}

/// There is no decision.
pub(super) fn unavailable(source: DecisionSource, detail: String) -> Decision {
    Decision::Refused(Refusal::new(RefusalCode::DecisionUnavailable, source, detail))
}

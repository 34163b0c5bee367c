//! Asks Keycloak about decisions that were made here, in the background, and tells what differs.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::asker::Asker;
use super::cache::Verdict;
use super::remote::{Inquiry, Remote};
use super::requirement::Question;
use crate::telemetry::metrics;

/// So many at a time; what comes meanwhile is not verified.
const UNDER_WAY: usize = 4;

/// What a decision is called in the log.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The decision's id: that of the request.
    pub id: &'a str,
    /// The route.
    pub route: &'a str,
}

/// Verifies decisions of one resource server.
#[derive(Debug)]
pub(super) struct Verification {
    turns: Arc<Semaphore>,
}

impl Verification {
    pub(super) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(UNDER_WAY)) }
    }

    /// Asks later; the request does not wait. `local` are the questions and what was decided here.
    pub(super) fn begin(
        &self,
        remote: &Arc<Remote>,
        origin: Origin<'_>,
        inquiry: Inquiry,
        local: Vec<(Question, Verdict)>,
    ) {
        let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() else { return };
        let (id, route) = (origin.id.to_owned(), origin.route.to_owned());
        let asked = Arc::clone(remote);
        remote.control().spawn(async move {
            let _turn = turn;
            match asked.inquire(&inquiry).await {
                Ok(answers) => compare(&id, &route, &local, &answers),
                Err(error) => {
                    metrics().decision_verification("failed");
                    tracing::debug!(request.id = id, %error, "a local decision could not be verified");
                }
            }
        });
    }
}

/// One inquiry with nothing remembered of it.
pub(super) fn inquiry(asker: Asker, version: u64, local: &[(Question, Verdict)], now: i64) -> Inquiry {
    Inquiry {
        asker: Arc::new(asker),
        version,
        questions: local.iter().map(|(question, _)| question.clone()).collect(),
        now,
        usable_until: now,
    }
}

fn compare(id: &str, route: &str, local: &[(Question, Verdict)], answers: &[(Question, Verdict)]) {
    for (question, decided) in local {
        let answer = answers.iter().find(|(asked, _)| asked == question).map(|(_, verdict)| *verdict);
        if answer == Some(*decided) {
            metrics().decision_verification("same");
            continue;
        }
        metrics().decision_verification("different");
        tracing::warn!(
            request.id = id,
            route.name = route,
            permission.resource = question.resource,
            permission.scopes = question.scopes.join(","),
            decision.local = decided.name(),
            decision.keycloak = answer.map_or("nothing", Verdict::name),
            "keycloak decides otherwise than its settings were evaluated here"
        );
    }
}

//! How the verdicts of several policies become one.

use super::DecisionStrategy;
use super::verdict::{Doubt, Verdict};

/// Verdicts, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    permits: usize,
    denies: usize,
    unknowns: usize,
    doubt: Option<Doubt>,
    risk: Option<Doubt>,
    fails: bool,
}

impl Tally {
    /// One verdict more.
    pub(super) fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Permit => self.permits += 1,
            Verdict::Deny => self.denies += 1,
            Verdict::Unknown(doubt) => {
                self.unknowns += 1;
                self.doubt.get_or_insert(doubt);
            }
            Verdict::Risky(doubt) => {
                self.risk.get_or_insert(doubt);
            }
            Verdict::Fails => self.fails = true,
        }
    }

    /// What they are together. What fails or may fail is absorbed by nothing, since Keycloak evaluates all of them; what
    /// is unknown is absorbed where both values lead to the same.
    ///
    /// `UNANIMOUS`: no denial; `AFFIRMATIVE`: some permit; `CONSENSUS`: more permits than the rest.
    pub(super) fn verdict(&self, strategy: DecisionStrategy) -> Verdict {
        if self.fails {
            return Verdict::Fails;
        }
        if let Some(risk) = self.risk {
            return Verdict::Risky(risk);
        }
        let (permits, denies, unknowns) = (self.permits, self.denies, self.unknowns);
        let at_worst = is_granted(strategy, permits, denies + unknowns);
        let at_best = is_granted(strategy, permits + unknowns, denies);
        match (at_worst, at_best, self.doubt) {
            (false, true, Some(doubt)) => Verdict::Unknown(doubt),
            (true, ..) => Verdict::Permit,
            (false, ..) => Verdict::Deny,
        }
    }
}

fn is_granted(strategy: DecisionStrategy, permits: usize, denies: usize) -> bool {
    match strategy {
        DecisionStrategy::Unanimous => denies == 0,
        DecisionStrategy::Affirmative => permits > 0,
        DecisionStrategy::Consensus => permits > denies,
    }
}

#[cfg(test)]
mod tests;

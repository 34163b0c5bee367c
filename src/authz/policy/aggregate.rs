//! Policies of type `aggregate`.

use crate::authz::DecisionStrategy;
use crate::authz::strategy::Tally;
use crate::authz::verdict::{PolicyId, Verdict};

/// Other policies, combined.
#[derive(Debug)]
pub(in crate::authz) struct AggregateRule {
    pub(in crate::authz) strategy: DecisionStrategy,
    pub(in crate::authz) policies: Vec<PolicyId>,
}

impl AggregateRule {
    /// What it says, before its own logic. Without policies it is not met.
    pub(in crate::authz) fn judge(&self, mut verdict: impl FnMut(PolicyId) -> Verdict) -> Verdict {
        if self.policies.is_empty() {
            return Verdict::Deny;
        }
        let mut tally = Tally::default();
        for policy in &self.policies {
            tally.add(verdict(*policy));
        }
        tally.verdict(self.strategy)
    }
}

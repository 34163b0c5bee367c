//! What would have to change for a yes.

use std::fmt;

use super::{ExplainedKind, ExplainedRule, Standing};
use crate::authz::permission::Question;
use crate::authz::{DecisionStrategy, Effect, Model, Trace, TracedEntry, TracedPolicy};
use crate::config::ScopesMode;

/// What would have to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// This.
    This(String),
    /// All of these.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// So many of these that more say yes than no.
    Most(Vec<Self>),
}

impl Need {
    /// For a condition to be met, or to be unmet if it is not `wanted`; `None`: it is so.
    pub(in crate::authz) fn of_rule(rule: &ExplainedRule, wanted: bool) -> Option<Self> {
        let is_so = if wanted { Standing::Met } else { Standing::NotMet };
        if rule.standing == is_so {
            return None;
        }
        match &rule.kind {
            ExplainedKind::All(rules) | ExplainedKind::Any(rules) => {
                let needs = rules.iter().filter_map(|rule| Self::of_rule(rule, wanted)).collect();
                let is_all = matches!(rule.kind, ExplainedKind::All(_)) == wanted;
                Self::combined(needs, if is_all { Self::All } else { Self::Any })
            }
            ExplainedKind::Not(rule) => Self::of_rule(rule, !wanted),
            ExplainedKind::Claims(text) if wanted => Some(Self::This(text.clone())),
            ExplainedKind::Claims(text) => Some(Self::This(format!("not: {text}"))),
            ExplainedKind::Permission(permission) if wanted => permission.need.clone(),
            ExplainedKind::Permission(permission) => {
                let asked = permission.question.as_ref().ok()?;
                Some(Self::This(format!("not: permission `{asked}`")))
            }
        }
    }

    /// For a permission to be granted by the settings.
    pub(in crate::authz) fn of_trace(trace: &Trace, model: &Model, question: &Question) -> Self {
        let permissions = trace.entries.iter().flat_map(TracedEntry::in_the_way);
        let needs = permissions
            .filter_map(|permission| Self::of_policies(&permission.policies, permission.strategy))
            .collect();
        let combine = match (model.decision_strategy(), question.mode) {
            (DecisionStrategy::Affirmative, _) | (_, ScopesMode::Any) => Self::Any,
            _ => Self::All,
        };
        let asked = question.spelled();
        let none = || Self::This(format!("a permission in keycloak that grants `{asked}`"));
        Self::combined(needs, combine).unwrap_or_else(none)
    }

    /// For the policies that are about more than roles, scopes and groups to go on saying yes.
    pub(in crate::authz) fn of_grants(trace: &Trace) -> Option<Self> {
        let permissions = trace.entries.iter().flat_map(|entry| &entry.permissions);
        let mut needs = Vec::new();
        permissions.for_each(|permission| Self::collect_grants(&permission.policies, &mut needs));
        Self::combined(needs, Self::All)
    }

    fn collect_grants(policies: &[TracedPolicy], needs: &mut Vec<Self>) {
        for policy in policies {
            let is_particular = matches!(policy.kind.as_str(), "client" | "regex" | "time" | "user");
            if is_particular && policy.effect == Effect::Grant {
                needs.push(Self::This(format!(
                    "policy `{}` ({}) saying yes, as now",
                    policy.name, policy.kind
                )));
            }
            Self::collect_grants(&policy.policies, needs);
        }
    }

    fn of_policies(policies: &[TracedPolicy], strategy: DecisionStrategy) -> Option<Self> {
        let needs = policies.iter().filter_map(Self::of_policy).collect();
        Self::combined(
            needs,
            match strategy {
                DecisionStrategy::Unanimous => Self::All,
                DecisionStrategy::Affirmative => Self::Any,
                DecisionStrategy::Consensus => Self::Most,
            },
        )
    }

    fn of_policy(policy: &TracedPolicy) -> Option<Self> {
        if policy.effect == Effect::Grant {
            return None;
        }
        let parts = if policy.negative { None } else { Self::of_policies(&policy.policies, policy.strategy) };
        Some(match (policy.condition(), parts) {
            (Some(condition), _) => Self::This(format!("{condition} (policy `{}`)", policy.name)),
            (None, Some(parts)) => parts,
            (None, None) => Self::This(format!("another answer of policy `{}`", policy.name)),
        })
    }

    fn combined(needs: Vec<Self>, combine: fn(Vec<Self>) -> Self) -> Option<Self> {
        let mut distinct = Vec::with_capacity(needs.len());
        for need in needs {
            if !distinct.contains(&need) {
                distinct.push(need);
            }
        }
        if distinct.len() > 1 { Some(combine(distinct)) } else { distinct.pop() }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, needs, word) = match self {
            Self::This(need) => return f.write_str(need),
            Self::All(needs) => ("", needs, " and "),
            Self::Any(needs) => ("", needs, " or "),
            Self::Most(needs) => ("most of ", needs, ", "),
        };
        f.write_str(before)?;
        for (index, need) in needs.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { word })?;
            match need {
                Self::This(need) => f.write_str(need)?,
                joined => write!(f, "({joined})")?,
            }
        }
        Ok(())
    }
}

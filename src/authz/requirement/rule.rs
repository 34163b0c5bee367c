//! Conditions, combined.

use crate::authz::condition::Condition;
use crate::authz::outcomes::Outcomes;
use crate::authz::permission::Permission;

/// A tree of conditions.
#[derive(Debug)]
pub(super) enum Rule {
    All(Box<[Self]>),
    Any(Box<[Self]>),
    Claims(Condition),
    Not(Box<Self>),
    Permission(Permission),
}

/// A condition that is judged by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf<'a> {
    Claims(&'a Condition),
    Permission(&'a Permission),
}

/// Says what a leaf can come to.
pub(super) type Judge<'a> = dyn FnMut(Leaf<'_>) -> Outcomes + 'a;

impl Rule {
    /// All of these, those that only claims are needed for first.
    pub(super) fn all(rules: Vec<Self>) -> Self {
        Self::combined(rules, Self::All)
    }

    /// At least one of these, those that only claims are needed for first.
    pub(super) fn any(rules: Vec<Self>) -> Self {
        Self::combined(rules, Self::Any)
    }

    /// What it can come to.
    pub(super) fn outcomes(&self, judge: &mut Judge<'_>) -> Outcomes {
        match self {
            Self::All(rules) => Self::fold(rules, Outcomes::MET, Outcomes::UNMET, Outcomes::and, judge),
            Self::Any(rules) => Self::fold(rules, Outcomes::UNMET, Outcomes::MET, Outcomes::or, judge),
            Self::Not(rule) => rule.outcomes(judge).not(),
            Self::Claims(condition) => judge(Leaf::Claims(condition)),
            Self::Permission(permission) => judge(Leaf::Permission(permission)),
        }
    }

    /// The open leaves that can still matter to whether the rule comes to `goal`, which it may.
    pub(super) fn each_open<'a>(
        &'a self,
        goal: Outcomes,
        judge: &mut Judge<'_>,
        visit: &mut dyn FnMut(Leaf<'a>),
    ) {
        let outcomes = self.outcomes(judge);
        if !outcomes.is_open() || !outcomes.may_be(goal) {
            return;
        }
        match self {
            Self::All(rules) | Self::Any(rules) => {
                rules.iter().for_each(|rule| rule.each_open(goal, judge, visit));
            }
            Self::Not(rule) => rule.each_open(goal.not(), judge, visit),
            Self::Claims(condition) => visit(Leaf::Claims(condition)),
            Self::Permission(permission) => visit(Leaf::Permission(permission)),
        }
    }

    /// All permissions in it.
    pub(super) fn permissions(&self) -> Box<dyn Iterator<Item = &Permission> + '_> {
        match self {
            Self::All(rules) | Self::Any(rules) => Box::new(rules.iter().flat_map(Self::permissions)),
            Self::Not(rule) => rule.permissions(),
            Self::Claims(_) => Box::new(std::iter::empty()),
            Self::Permission(permission) => Box::new(std::iter::once(permission)),
        }
    }

    fn combined(mut rules: Vec<Self>, combine: fn(Box<[Self]>) -> Self) -> Self {
        if rules.len() == 1
            && let Some(rule) = rules.pop()
        {
            return rule;
        }
        rules.sort_by_key(|rule| rule.permissions().next().is_some());
        combine(rules.into())
    }

    fn fold(
        rules: &[Self],
        neutral: Outcomes,
        decided: Outcomes,
        combine: fn(Outcomes, Outcomes) -> Outcomes,
        judge: &mut Judge<'_>,
    ) -> Outcomes {
        let mut outcomes = neutral;
        for rule in rules {
            if outcomes == decided {
                break;
            }
            outcomes = combine(outcomes, rule.outcomes(judge));
        }
        outcomes
    }
}

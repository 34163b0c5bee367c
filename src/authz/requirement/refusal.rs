//! Why a rule is not met: what would help, in one refusal.

use super::Judgement;
use super::rule::{Judge, Leaf, Rule};
use crate::authz::outcomes::Outcomes;
use crate::authz::permission::{Permission, Question, RequestedResource};
use crate::authz::{Refusal, RefusalCode};

/// Why a rule that cannot be met is not.
pub(super) fn of(rule: &Rule, requested: &RequestedResource<'_>, judge: &mut Judge<'_>) -> Judgement {
    let mut explainer = Explainer { requested, judge, by: Vec::new() };
    let (refusal, _) = explainer.explain(rule, Outcomes::MET);
    Judgement::NotMet { refusal, by: explainer.by }
}

/// For what was to be decided and is not.
pub(super) fn undecided() -> Refusal {
    Refusal::by_claims(RefusalCode::DecisionUnavailable, "a permission could not be asked for".to_owned())
}

struct Explainer<'a, 'c, 'j> {
    requested: &'a RequestedResource<'c>,
    judge: &'a mut Judge<'j>,
    /// The questions that were come across.
    by: Vec<Question>,
}

impl Explainer<'_, '_, '_> {
    /// Why the rule does not come to the goal, and whether several reasons are joined in it.
    fn explain(&mut self, rule: &Rule, goal: Outcomes) -> (Refusal, bool) {
        let wanted = goal == Outcomes::MET;
        match rule {
            Rule::Claims(condition) if wanted => (condition.missing(), false),
            Rule::Claims(condition) => (condition.unwanted((self.judge)(Leaf::Claims(condition))), false),
            Rule::Permission(permission) => (self.permission(permission, wanted), false),
            Rule::Not(rule) => self.explain(rule, goal.not()),
            Rule::All(rules) | Rule::Any(rules) => {
                let all_needed = matches!(rule, Rule::All(_)) == wanted;
                let failing: Vec<&Rule> =
                    rules.iter().filter(|rule| !rule.outcomes(self.judge).may_be(goal)).collect();
                let reasons: Vec<(Refusal, bool)> =
                    failing.into_iter().map(|rule| self.explain(rule, goal)).collect();
                if all_needed { all_of(reasons) } else { any_of(reasons) }
            }
        }
    }

    fn permission(&mut self, permission: &Permission, wanted: bool) -> Refusal {
        if let Ok(Some(question)) = permission.question(self.requested)
            && !self.by.contains(&*question)
        {
            self.by.push(question.into_owned());
        }
        if wanted {
            return permission.missing(self.requested);
        }
        permission.unwanted(self.requested, (self.judge)(Leaf::Permission(permission)))
    }
}

/// Each of these reasons has to go. A scope or a permission helps only if nothing else is missing.
fn all_of(reasons: Vec<(Refusal, bool)>) -> (Refusal, bool) {
    let (mut refusal, joined) = join(&reasons, " and ");
    for (reason, _) in reasons {
        if refusal.code == RefusalCode::ScopeMissing {
            refusal.scopes.extend(reason.scopes);
        }
        if refusal.code == RefusalCode::PermissionDenied {
            refusal.permissions.extend(reason.permissions);
        }
    }
    (refusal, joined)
}

/// One of these reasons has to go. The scopes are those of the first; a ticket may ask for every permission, as one that
/// is granted suffices.
fn any_of(reasons: Vec<(Refusal, bool)>) -> (Refusal, bool) {
    let (mut refusal, joined) = join(&reasons, " or ");
    for (reason, _) in reasons {
        if refusal.code == RefusalCode::ScopeMissing && refusal.scopes.is_empty() {
            refusal.scopes = reason.scopes;
        }
        refusal.permissions.extend(reason.permissions);
    }
    (refusal, joined)
}

/// Code and detail of several reasons together.
fn join(reasons: &[(Refusal, bool)], word: &str) -> (Refusal, bool) {
    if let [(only, joined)] = reasons {
        return (Refusal::by_claims(only.code, only.detail.clone()), *joined);
    }
    let mut codes = reasons.iter().map(|(reason, _)| reason.code);
    let code = codes.next().unwrap_or(RefusalCode::RequirementNotMet);
    let code = if codes.all(|other| other == code) { code } else { RefusalCode::RequirementNotMet };
    let details = reasons
        .iter()
        .map(|(reason, joined)| if *joined { format!("({})", reason.detail) } else { reason.detail.clone() });
    (Refusal::by_claims(code, details.collect::<Vec<_>>().join(word)), true)
}

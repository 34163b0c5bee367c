//! A requirement, judged condition by condition.

use super::Requirement;
use super::rule::Rule;
use crate::authz::Model;
use crate::authz::condition::Condition;
use crate::authz::explained::{
    Basis, ExplainedKind, ExplainedPermission, ExplainedRule, Known, Need, Standing, Supposition,
};
use crate::authz::outcomes::Outcomes;
use crate::authz::permission::{Permission, Question, RequestFacts, RequestedResource};

impl Requirement {
    /// Judges every condition, also those that the others have decided without. `answer` says what is known to a question.
    /// `None`: there are no conditions.
    pub(in crate::authz) fn explain(
        &self,
        supposed: &Supposition<'_>,
        request: RequestFacts<'_>,
        model: Option<&Model>,
        answer: &dyn Fn(&Question) -> Known,
    ) -> Option<ExplainedRule> {
        let explainer = Explainer { supposed, requested: RequestedResource::new(request, model), answer };
        self.rule.as_ref().map(|rule| explainer.rule(rule).1)
    }
}

struct Explainer<'a> {
    supposed: &'a Supposition<'a>,
    requested: RequestedResource<'a>,
    answer: &'a dyn Fn(&Question) -> Known,
}

impl Explainer<'_> {
    fn rule(&self, rule: &Rule) -> (Outcomes, ExplainedRule) {
        match rule {
            Rule::All(rules) => self.combined(rules, Outcomes::MET, Outcomes::and, ExplainedKind::All),
            Rule::Any(rules) => self.combined(rules, Outcomes::UNMET, Outcomes::or, ExplainedKind::Any),
            Rule::Not(rule) => {
                let (outcomes, rule) = self.rule(rule);
                let outcomes = outcomes.not();
                let standing = standing(outcomes, rule.standing == Standing::Depends);
                (outcomes, ExplainedRule { standing, kind: ExplainedKind::Not(Box::new(rule)) })
            }
            Rule::Claims(condition) => {
                let outcomes = self.claims(condition);
                let kind = ExplainedKind::Claims(condition.describe());
                (outcomes, ExplainedRule { standing: standing(outcomes, true), kind })
            }
            Rule::Permission(permission) => self.permission(permission),
        }
    }

    fn combined(
        &self,
        rules: &[Rule],
        neutral: Outcomes,
        combine: fn(Outcomes, Outcomes) -> Outcomes,
        kind: fn(Vec<ExplainedRule>) -> ExplainedKind,
    ) -> (Outcomes, ExplainedRule) {
        let (mut outcomes, mut explained) = (neutral, Vec::with_capacity(rules.len()));
        for rule in rules {
            let (of_rule, rule) = self.rule(rule);
            outcomes = combine(outcomes, of_rule);
            explained.push(rule);
        }
        let depends = explained.iter().any(|rule| rule.standing == Standing::Depends);
        (outcomes, ExplainedRule { standing: standing(outcomes, depends), kind: kind(explained) })
    }

    fn permission(&self, permission: &Permission) -> (Outcomes, ExplainedRule) {
        let (outcomes, depends, explained) = match permission.question(&self.requested) {
            Err(_) => {
                let fact = permission.missing(&self.requested).detail;
                let explained = ExplainedPermission {
                    question: Err(fact.clone()),
                    basis: Basis::Claims,
                    note: None,
                    trace: None,
                    need: Some(Need::This(format!("a resource and scopes to ask for ({fact})"))),
                };
                (Outcomes::STUCK, false, explained)
            }
            // A good token is enough.
            Ok(None) => {
                let kind = ExplainedKind::All(Vec::new());
                return (Outcomes::MET, ExplainedRule { standing: Standing::Met, kind });
            }
            Ok(Some(question)) => {
                let Known { outcomes, depends, basis, note, trace, need } = (self.answer)(&question);
                let question = Ok(question.spelled());
                (outcomes, depends, ExplainedPermission { question, basis, note, trace, need })
            }
        };
        let kind = ExplainedKind::Permission(Box::new(explained));
        (outcomes, ExplainedRule { standing: standing(outcomes, depends), kind })
    }

    fn claims(&self, condition: &Condition) -> Outcomes {
        if self.supposed.open_ended && condition.is_about_particulars() {
            Outcomes::OPEN
        } else {
            condition.judge(self.supposed.principal)
        }
    }
}

fn standing(outcomes: Outcomes, depends: bool) -> Standing {
    match outcomes {
        Outcomes::MET => Standing::Met,
        Outcomes::UNMET => Standing::NotMet,
        Outcomes::STUCK => Standing::Unclear,
        open if !open.may_be(Outcomes::MET) => Standing::NotMet,
        _ if depends => Standing::Depends,
        _ => Standing::AsksKeycloak,
    }
}

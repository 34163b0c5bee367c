//! A requirement, judged condition by condition.

use super::rule::{Leaf, Rule};
use super::{Judgement, Requirement, refusal};
use crate::authz::Model;
use crate::authz::explained::{
    Basis, Explained, ExplainedKind, ExplainedPermission, ExplainedRule, Known, Need, Standing, Supposition,
};
use crate::authz::outcomes::Outcomes;
use crate::authz::permission::{Permission, Question, RequestFacts, RequestedResource};

impl Requirement {
    /// Judges every condition, also those that the others have decided without. `answer` says what is known to a question.
    pub(in crate::authz) fn explain(
        &self,
        supposed: &Supposition<'_>,
        request: RequestFacts<'_>,
        model: Option<&Model>,
        answer: &dyn Fn(&Question) -> Known,
    ) -> Explained {
        let Some(rule) = &self.rule else {
            let (standing, basis) = (Standing::Met, Basis::Claims);
            return Explained { standing, rule: None, refusal: None, basis, need: None };
        };
        let explainer = Explainer { supposed, requested: RequestedResource::new(request, model), answer };
        let (outcomes, explained) = explainer.rule(rule);
        let refusal = if outcomes.may_be(Outcomes::MET) {
            None
        } else {
            match refusal::of(rule, &explainer.requested, &mut |leaf| explainer.leaf(leaf)) {
                Judgement::NotMet { refusal, .. } => Some(refusal),
                Judgement::Met | Judgement::Open(_) => None,
            }
        };
        let by_claims = rule.outcomes(&mut |leaf| match leaf {
            Leaf::Claims(_) => explainer.leaf(leaf),
            Leaf::Permission(_) => Outcomes::ANY,
        });
        let decided_by_claims = by_claims == Outcomes::MET || !by_claims.may_be(Outcomes::MET);
        let bases = explained.permissions().into_iter().map(|permission| permission.basis);
        let basis = if decided_by_claims { Basis::Claims } else { bases.max().unwrap_or(Basis::Claims) };
        Explained {
            standing: explained.standing,
            need: Need::of_rule(&explained, true),
            rule: Some(explained),
            refusal,
            basis,
        }
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
                let outcomes = self.leaf(Leaf::Claims(condition));
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

    fn leaf(&self, leaf: Leaf<'_>) -> Outcomes {
        match leaf {
            Leaf::Claims(condition) if self.supposed.open_ended && condition.is_about_particulars() => {
                Outcomes::OPEN
            }
            Leaf::Claims(condition) => condition.judge(self.supposed.principal),
            Leaf::Permission(permission) => match permission.question(&self.requested) {
                Ok(Some(question)) => (self.answer)(&question).outcomes,
                Ok(None) => Outcomes::MET,
                Err(_) => Outcomes::STUCK,
            },
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

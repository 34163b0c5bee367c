//! A route's `require`, compiled.

mod compile;
mod explain;
mod refusal;
mod rule;

use http::Method;

use self::rule::{Leaf, Rule};
use super::outcomes::Outcomes;
use super::permission::RequestedResource;
pub(in crate::authz) use super::permission::{Question, RequestFacts, ResourceKey};
use super::{Model, Refusal};
use crate::config::{Problem, RequireConfig};
use crate::token::Principal;

/// A compiled `require`: what a caller must have.
///
/// Conditions are met, unmet, or cannot be judged; only what is met lets a request through. Those that cannot be judged
/// stay so under a `not`: a condition by a claim that the token does not have at all or has as another type than the test
/// is for, a permission whose resource is not found or is not known to Keycloak, and a permission for a method without
/// scopes where other methods have some. So `not = { group = "/banned" }`
/// refuses a token without `groups`; whoever wants it in writes `any = [{ claim = { name = "groups", present = false } },
/// { not = { group = "/banned" } }]`.
#[derive(Debug)]
pub struct Requirement {
    /// None for `public`.
    rule: Option<Rule>,
}

/// What a requirement needs to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: `public`.
    Nothing,
    /// A token.
    Token,
    /// A token, and permissions of Keycloak.
    Permissions,
}

/// What a requirement comes to, by what is known.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::authz) enum Judgement {
    /// The caller has what is needed.
    Met,
    /// The caller has not, whatever the answers to open questions. The refusal's source is the claims.
    NotMet {
        refusal: Refusal,
        /// The questions whose answers stand in the way.
        by: Vec<Question>,
    },
    /// It depends on these questions: each of them can still matter, and none is there twice.
    Open(Vec<Question>),
}

impl Requirement {
    /// Compiles `require`; `key` is its path in the configuration (`routes.orders.require`), for problems.
    pub fn compile(key: &str, config: &RequireConfig) -> Result<Self, Vec<Problem>> {
        compile::rule(key, config).map(|rule| Self { rule })
    }

    /// What it needs.
    pub fn needs(&self) -> Needs {
        match &self.rule {
            None => Needs::Nothing,
            Some(rule) if rule.permissions().next().is_some() => Needs::Permissions,
            Some(_) => Needs::Token,
        }
    }

    /// Whether a permission has to be found by the request's path, so that the provider needs `settings`.
    pub fn finds_resource_by_path(&self) -> bool {
        self.rule.iter().flat_map(Rule::permissions).any(super::permission::Permission::is_by_path)
    }

    /// Whether two paths of one route may come to different decisions.
    pub fn depends_on_path(&self) -> bool {
        self.rule.iter().flat_map(Rule::permissions).any(super::permission::Permission::depends_on_path)
    }

    /// Whether the principal lacks a claim that a condition here is judged by (a lightweight token lacks `realm_access`,
    /// `groups`, ...), so that introspection could change the answer. Where other claims decide anyhow, it could not.
    pub fn lacks_claims(&self, principal: &Principal) -> bool {
        let Some(rule) = &self.rule else { return false };
        let mut with_more_claims = |leaf: Leaf<'_>| match leaf {
            Leaf::Claims(condition) if condition.is_known(principal) => condition.judge(principal),
            Leaf::Claims(_) => Outcomes::OPEN,
            Leaf::Permission(_) => Outcomes::ANY,
        };
        let mut lacks = false;
        if rule.outcomes(&mut with_more_claims).is_open() {
            rule.each_open(Outcomes::MET, &mut with_more_claims, &mut |leaf| {
                lacks |= matches!(leaf, Leaf::Claims(_));
            });
        }
        lacks
    }

    /// Judges offline, as `gatecloak check` does: `granted` says whether Keycloak would grant a scope of a resource, both
    /// by name; it is asked for the empty scope where a permission needs none.
    pub fn judge_with(
        &self,
        principal: &Principal,
        method: &Method,
        path: &str,
        model: Option<&Model>,
        granted: &dyn Fn(&str, &str) -> bool,
    ) -> Result<(), Refusal> {
        let mut answer = |question: &Question| Some(Outcomes::of(question.answer(granted)));
        match self.judge(principal, RequestFacts { method, path }, model, &mut answer) {
            Judgement::Met => Ok(()),
            Judgement::NotMet { refusal, .. } => Err(refusal),
            Judgement::Open(_) => Err(refusal::undecided()),
        }
    }

    /// Judges by the claims, and where these do not decide, by the answers that there are. Nothing is asked that the
    /// claims decide; what only claims are needed for is judged without allocating, if it is met.
    pub(in crate::authz) fn judge(
        &self,
        principal: &Principal,
        request: RequestFacts<'_>,
        model: Option<&Model>,
        answer: &mut dyn FnMut(&Question) -> Option<Outcomes>,
    ) -> Judgement {
        let Some(rule) = &self.rule else { return Judgement::Met };
        let requested = RequestedResource::new(request, model);
        let mut by_claims = |leaf: Leaf<'_>| match leaf {
            Leaf::Claims(condition) => condition.judge(principal),
            Leaf::Permission(_) => Outcomes::ANY,
        };
        let outcomes = rule.outcomes(&mut by_claims);
        if outcomes == Outcomes::MET {
            return Judgement::Met;
        }
        if !outcomes.may_be(Outcomes::MET) {
            return refusal::of(rule, &requested, &mut by_claims);
        }
        let mut by_answers = |leaf: Leaf<'_>| match leaf {
            Leaf::Claims(condition) => condition.judge(principal),
            Leaf::Permission(permission) => match permission.question(&requested) {
                Ok(Some(question)) => answer(&question).unwrap_or(Outcomes::OPEN),
                Ok(None) => Outcomes::MET,
                Err(_) => Outcomes::STUCK,
            },
        };
        let outcomes = rule.outcomes(&mut by_answers);
        if outcomes == Outcomes::MET {
            return Judgement::Met;
        }
        if !outcomes.may_be(Outcomes::MET) {
            return refusal::of(rule, &requested, &mut by_answers);
        }
        let mut questions = Vec::new();
        rule.each_open(Outcomes::MET, &mut by_answers, &mut |leaf| {
            if let Leaf::Permission(permission) = leaf
                && let Ok(Some(question)) = permission.question(&requested)
                && !questions.contains(&*question)
            {
                questions.push(question.into_owned());
            }
        });
        Judgement::Open(questions)
    }
}

#[cfg(test)]
mod tests;

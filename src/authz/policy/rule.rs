//! A policy, compiled.

use super::aggregate::AggregateRule;
use super::client::ClientRule;
use super::client_scope::ClientScopeRule;
use super::group::GroupRule;
use super::regex::RegexRule;
use super::role::RoleRule;
use super::time::TimeRule;
use super::user::UserRule;
use super::{Facts, Met};
use crate::authz::surroundings::Surroundings;
use crate::authz::trace::Wanted;
use crate::authz::verdict::{Cause, Doubt, PolicyId, Verdict};
use crate::authz::{Logic, PolicySettings};

/// A policy of the settings.
#[derive(Debug)]
pub(in crate::authz) struct Policy {
    pub(in crate::authz) name: String,
    /// As the settings call it.
    pub(in crate::authz) kind: String,
    pub(in crate::authz) logic: Logic,
    pub(in crate::authz) rule: Rule,
}

/// What a policy is about.
#[derive(Debug)]
pub(in crate::authz) enum Rule {
    Aggregate(AggregateRule),
    Client(ClientRule),
    ClientScope(ClientScopeRule),
    Group(GroupRule),
    /// What is not understood; Keycloak may fail at it.
    Opaque(Cause),
    Regex(Box<RegexRule>),
    Role(RoleRule),
    Time(Box<TimeRule>),
    User(UserRule),
}

impl Policy {
    /// From the settings; what an aggregate is made of is found later.
    pub(in crate::authz) fn compile(settings: PolicySettings, surroundings: &Surroundings) -> Self {
        let config = &settings.config;
        let rule = match settings.kind.as_str() {
            "aggregate" => Ok(Rule::Aggregate(AggregateRule {
                strategy: settings.decision_strategy,
                policies: Vec::new(),
            })),
            "client" => ClientRule::compile(config).map(Rule::Client),
            "client-scope" => ClientScopeRule::compile(config).map(Rule::ClientScope),
            "group" => GroupRule::compile(config).map(Rule::Group),
            "regex" => RegexRule::compile(config).map(|rule| Rule::Regex(Box::new(rule))),
            "role" => RoleRule::compile(config).map(Rule::Role),
            "time" => Ok(Rule::Time(Box::new(TimeRule::compile(config, surroundings.time_zone.as_ref())))),
            "user" => UserRule::compile(config).map(Rule::User),
            _ => Err(Cause::TypeUnknown),
        };
        Self {
            name: settings.name,
            kind: settings.kind,
            logic: settings.logic,
            rule: rule.unwrap_or_else(Rule::Opaque),
        }
    }

    /// What it says. `verdict` knows what others say.
    pub(in crate::authz) fn judge(
        &self,
        id: PolicyId,
        facts: &Facts<'_>,
        verdict: impl FnMut(PolicyId) -> Verdict,
    ) -> Verdict {
        let met = match &self.rule {
            Rule::Aggregate(rule) => return self.with_logic(rule.judge(verdict)),
            Rule::Client(rule) => rule.judge(facts),
            Rule::ClientScope(rule) => rule.judge(facts),
            Rule::Group(rule) => rule.judge(facts),
            Rule::Opaque(cause) => Met::Risky(*cause),
            Rule::Regex(rule) => rule.judge(facts),
            Rule::Role(rule) => rule.judge(facts),
            Rule::Time(rule) => rule.judge(facts),
            Rule::User(rule) => rule.judge(facts),
        };
        self.with_logic(match met {
            Met::Yes => Verdict::Permit,
            Met::No => Verdict::Deny,
            Met::Unknown(cause) => Verdict::Unknown(Doubt { policy: id, cause }),
            Met::Risky(cause) => Verdict::Risky(Doubt { policy: id, cause }),
            Met::Fails => Verdict::Fails,
        })
    }

    /// What somebody would need for it to be met; `None` for an aggregate.
    pub(in crate::authz) fn wanted(&self, facts: &Facts<'_>) -> Option<Wanted> {
        let some_or_all =
            |(names, all): (Vec<String>, bool),
             some: fn(Vec<String>) -> Wanted,
             every: fn(Vec<String>) -> Wanted| { if all { every(names) } else { some(names) } };
        Some(match &self.rule {
            Rule::Aggregate(_) => return None,
            Rule::Client(rule) => Wanted::OneOfClients(rule.missing()),
            Rule::ClientScope(rule) if self.logic == Logic::Negative => {
                Wanted::OneOfClientScopes(rule.names())
            }
            Rule::ClientScope(rule) => {
                some_or_all(rule.missing(facts), Wanted::OneOfClientScopes, Wanted::AllOfClientScopes)
            }
            Rule::Group(rule) => Wanted::OneOfGroups(rule.missing()),
            Rule::Opaque(_) => Wanted::Unknown,
            Rule::Regex(rule) => rule.wanted(),
            Rule::Role(rule) if self.logic == Logic::Negative => Wanted::OneOfRoles(rule.names()),
            Rule::Role(rule) => some_or_all(rule.missing(facts), Wanted::OneOfRoles, Wanted::AllOfRoles),
            Rule::Time(rule) => Wanted::Time(rule.window()),
            Rule::User(rule) => Wanted::OneOfUsers(rule.missing()),
        })
    }

    /// Whether it depends on the time; an aggregate by what it is made of.
    pub(in crate::authz) fn is_about_time(&self) -> bool {
        matches!(self.rule, Rule::Time(_))
    }

    /// Whether it is about more than roles, client scopes and groups; an aggregate by what it is made of.
    pub(in crate::authz) fn is_about_particulars(&self) -> bool {
        matches!(self.rule, Rule::Client(_) | Rule::Regex(_) | Rule::Time(_) | Rule::User(_))
    }

    /// Why it can never, or not for everybody, be evaluated here.
    pub(in crate::authz) fn always_remote(&self) -> Option<Cause> {
        match &self.rule {
            Rule::Opaque(cause) => Some(*cause),
            Rule::Group(rule) => rule.always_remote(),
            Rule::Regex(rule) => rule.always_remote(),
            Rule::Role(rule) => rule.always_remote(),
            Rule::Time(rule) => rule.always_remote(),
            _ => None,
        }
    }

    fn with_logic(&self, verdict: Verdict) -> Verdict {
        match self.logic {
            Logic::Positive => verdict,
            Logic::Negative => verdict.negated(),
        }
    }
}

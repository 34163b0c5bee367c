//! What a token can show by itself: roles, scopes, groups and other claims.

use regex::Regex;
use serde_json::Value;

use super::outcomes::Outcomes;
use super::{Refusal, RefusalCode};
use crate::config::{ClaimPredicate, Problem};
use crate::token::Principal;

/// One condition on the claims. Names are compared exactly.
#[derive(Debug)]
pub(super) enum Condition {
    RealmRole(Box<str>),
    ClientRole { client: Box<str>, role: Box<str> },
    Scope(Box<str>),
    Group(Box<str>),
    Claim { name: Box<str>, test: ClaimTest },
}

/// What a claim must be.
#[derive(Debug)]
pub(super) enum ClaimTest {
    Equals(Value),
    Contains(Value),
    /// The expression as written, and anchored.
    Matches(Box<str>, Regex),
    Present(bool),
}

impl Condition {
    /// From `CLIENT/ROLE`, split at the first `/`.
    pub(super) fn client_role(key: &str, text: &str) -> Result<Self, Problem> {
        match text.split_once('/') {
            Some((client, role)) if !client.is_empty() && !role.is_empty() => {
                Ok(Self::ClientRole { client: client.into(), role: role.into() })
            }
            _ => Err(Problem::new(key, format!("`{text}` is no client role"))
                .hint("write it as `CLIENT/ROLE`; for a role of the realm use `realm_role`")),
        }
    }

    /// From a name that must not be empty.
    pub(super) fn named(key: &str, text: &str, condition: fn(Box<str>) -> Self) -> Result<Self, Problem> {
        match condition(text.into()) {
            _ if text.is_empty() => Err(Problem::new(key, "a name is empty")),
            Self::Scope(_) if text.contains(char::is_whitespace) => {
                Err(Problem::new(key, format!("`{text}` is no scope, as it has a space"))
                    .hint("write several scopes as a list"))
            }
            condition => Ok(condition),
        }
    }

    /// From `claim = { ... }`.
    pub(super) fn claim(key: &str, config: &ClaimPredicate) -> Result<Self, Problem> {
        if config.name.is_empty() {
            return Err(Problem::new(format!("{key}.name"), "the claim has no name"));
        }
        let test = match config {
            ClaimPredicate { equals: Some(value), contains: None, matches: None, present: None, .. } => {
                ClaimTest::Equals(scalar(&format!("{key}.equals"), value)?)
            }
            ClaimPredicate { equals: None, contains: Some(value), matches: None, present: None, .. } => {
                ClaimTest::Contains(scalar(&format!("{key}.contains"), value)?)
            }
            ClaimPredicate { equals: None, contains: None, matches: Some(text), present: None, .. } => {
                ClaimTest::Matches(text.as_str().into(), whole(&format!("{key}.matches"), text)?)
            }
            ClaimPredicate {
                equals: None, contains: None, matches: None, present: Some(present), ..
            } => ClaimTest::Present(*present),
            _ => {
                return Err(Problem::new(key, format!("claim `{}` needs exactly one test", config.name))
                    .hint("one of `equals`, `contains`, `matches` and `present`"));
            }
        };
        Ok(Self::Claim { name: config.name.as_str().into(), test })
    }

    /// Judges it. A condition by a claim that the token does not have at all is not unmet but stuck: a lightweight token
    /// tells nothing about roles, neither that there are any nor that there are none. So is one by a claim of another type
    /// than the test is for: that a text does not hold an entry says nothing, as it is no list.
    pub(super) fn judge(&self, principal: &Principal) -> Outcomes {
        let held = match self {
            Self::RealmRole(wanted) => principal.realm_roles().any(|role| *role == **wanted),
            Self::ClientRole { client, role } => {
                principal.client_roles().any(|(of, held)| *of == **client && *held == **role)
            }
            Self::Scope(wanted) => principal.scopes().any(|scope| *scope == **wanted),
            Self::Group(wanted) => principal.groups().any(|group| *group == **wanted),
            Self::Claim { name, test } => {
                let claim = principal.claim(name).filter(|value| !value.is_null());
                match (test, claim) {
                    (ClaimTest::Present(present), claim) => return Outcomes::of(claim.is_some() == *present),
                    (test, Some(value)) => return test.holds(value).map_or(Outcomes::STUCK, Outcomes::of),
                    (_, None) => false,
                }
            }
        };
        if held || self.is_known(principal) { Outcomes::of(held) } else { Outcomes::STUCK }
    }

    /// Whether the principal has the claim by which this is judged.
    pub(super) fn is_known(&self, principal: &Principal) -> bool {
        match self {
            Self::Claim { name, .. } => principal.claim(name).is_some_and(|value| !value.is_null()),
            _ => principal.has_claim(self.claim_name()),
        }
    }

    /// Why a caller is refused that does not meet it.
    pub(super) fn missing(&self) -> Refusal {
        let code = match self {
            Self::RealmRole(_) | Self::ClientRole { .. } => RefusalCode::RoleMissing,
            Self::Scope(_) => RefusalCode::ScopeMissing,
            Self::Group(_) => RefusalCode::GroupMissing,
            Self::Claim { .. } => RefusalCode::ClaimMismatch,
        };
        let scopes = match self {
            Self::Scope(scope) => vec![scope.to_string()],
            _ => Vec::new(),
        };
        let detail = match self {
            Self::Claim { name, test } => format!("claim `{name}` {}", test.describe(false)),
            _ => format!("{} is missing", self.noun()),
        };
        Refusal { scopes, ..Refusal::by_claims(code, detail) }
    }

    /// Why a caller is refused that must not meet it, or of whom that cannot be told.
    pub(super) fn unwanted(&self, outcomes: Outcomes) -> Refusal {
        let detail = match self {
            _ if outcomes == Outcomes::STUCK => {
                let name = self.claim_name();
                format!("whether `not` holds cannot be told: claim `{name}` is missing, or of another type")
            }
            Self::Claim { name, test } => {
                format!("claim `{name}` {}, which `not` forbids", test.describe(true))
            }
            _ => format!("{} is there, which `not` forbids", self.noun()),
        };
        Refusal::by_claims(RefusalCode::RequirementNotMet, detail)
    }

    /// What it asks for, in words.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Claim { name, test } => format!("claim `{name}` {}", test.describe(true)),
            _ => self.noun(),
        }
    }

    /// Whether it is about more than roles, scopes and groups.
    pub(super) const fn is_about_particulars(&self) -> bool {
        matches!(self, Self::Claim { .. })
    }

    fn claim_name(&self) -> &str {
        match self {
            Self::RealmRole(_) => "realm_access",
            Self::ClientRole { .. } => "resource_access",
            Self::Scope(_) => "scope",
            Self::Group(_) => "groups",
            Self::Claim { name, .. } => name,
        }
    }

    fn noun(&self) -> String {
        match self {
            Self::RealmRole(role) => format!("realm role `{role}`"),
            Self::ClientRole { client, role } => format!("role `{role}` of client `{client}`"),
            Self::Scope(scope) => format!("scope `{scope}`"),
            Self::Group(group) => format!("group `{group}`"),
            Self::Claim { name, .. } => format!("claim `{name}`"),
        }
    }
}

impl ClaimTest {
    /// None: the value is of a type that the test is not for.
    fn holds(&self, value: &Value) -> Option<bool> {
        match self {
            Self::Equals(wanted) => {
                let alike = std::mem::discriminant(value) == std::mem::discriminant(wanted);
                alike.then(|| is_same(value, wanted))
            }
            Self::Contains(wanted) => Some(value.as_array()?.iter().any(|value| is_same(value, wanted))),
            Self::Matches(_, expression) => Some(expression.is_match(value.as_str()?)),
            Self::Present(present) => Some(*present),
        }
    }

    fn describe(&self, held: bool) -> String {
        match (self, held) {
            (Self::Equals(value), true) => format!("is `{value}`"),
            (Self::Equals(value), false) => format!("is not `{value}`"),
            (Self::Contains(value), true) => format!("holds `{value}`"),
            (Self::Contains(value), false) => format!("does not hold `{value}`"),
            (Self::Matches(text, _), true) => format!("matches `{text}`"),
            (Self::Matches(text, _), false) => format!("does not match `{text}`"),
            (Self::Present(present), held) if *present == held => "is there".to_owned(),
            (Self::Present(_), _) => "is missing".to_owned(),
        }
    }
}

/// Whether two scalars are the same; numbers by their value, however written.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

fn scalar(key: &str, value: &Value) -> Result<Value, Problem> {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(value.clone()),
        _ => Err(Problem::new(key, "a claim is compared with a text, a number or a boolean only")),
    }
}

/// An expression that has to match the whole text.
fn whole(key: &str, text: &str) -> Result<Regex, Problem> {
    // By itself first, so that an unbalanced parenthesis cannot get out of the anchors.
    let anchored = Regex::new(text).and_then(|_| Regex::new(&format!(r"\A(?:{text})\z")));
    anchored.map_err(|error| {
        let problem = Problem::new(key, format!("`{text}` is no regular expression"));
        let reason = error.to_string();
        let reason = reason.lines().last().map(|line| line.trim_start_matches("error: ").to_owned());
        reason.into_iter().fold(problem, Problem::hint)
    })
}

#[cfg(test)]
mod tests;

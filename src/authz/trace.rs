//! How a decision came about: every permission and policy looked at, and what each said.

mod json;
mod wording;

pub use self::wording::UserNames;
use super::evaluate::{Entry, Evaluation, Outcome};
use super::model::{Finding, Group, PermissionKind};
use super::policy::Rule;
use super::verdict::{PolicyId, Verdict};
use super::{DecisionStrategy, Logic, RemoteReason};

/// How a decision came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What was decided, in order.
    pub entries: Vec<TracedEntry>,
}

/// One resource and its scopes, or one scope that no resource has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedEntry {
    /// The resource's name.
    pub resource: Option<String>,
    /// The scopes that were examined.
    pub scopes: Vec<String>,
    /// What came of it.
    pub outcome: TracedOutcome,
    /// The permissions found, in the order of how they were found.
    pub permissions: Vec<TracedPermission>,
}

/// What came of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TracedOutcome {
    /// Granted, with these scopes.
    Granted(Vec<String>),
    /// Refused.
    Refused,
    /// Keycloak would fail, which refuses everything.
    Fails,
    /// Keycloak does not know what is asked for, or does not let the client ask; its text.
    Unknown(String),
    /// Keycloak has to be asked.
    NeedsKeycloak(RemoteReason),
}

/// A permission that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedPermission {
    /// Its name.
    pub name: String,
    /// Whether it is one for scopes, not for resources.
    pub for_scopes: bool,
    /// Whether it has a say: it is for the resource as such, or for one of the scopes. That evaluating it may fail counts
    /// all the same.
    pub has_say: bool,
    /// How it was found.
    pub found_by: FoundBy,
    /// What it says; `None`: it has no policies, and says nothing.
    pub effect: Option<Effect>,
    /// How its policies are combined.
    pub strategy: DecisionStrategy,
    /// The policies that it applies.
    pub policies: Vec<TracedPolicy>,
}

/// How a permission was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// It lists the resource.
    Resource,
    /// It is for the resource's type.
    Type,
    /// It lists a resource of the same type that the resource server owns.
    Parent,
    /// It is for a scope, on whatever resource.
    Scope,
}

/// A policy that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedPolicy {
    /// Its name.
    pub name: String,
    /// Its type, as in the settings.
    pub kind: String,
    /// Whether it says yes where its condition is not met.
    pub negative: bool,
    /// What it says.
    pub effect: Effect,
    /// Of one that does not say yes: what its condition is about. Under `negative` it must not be so.
    pub wanted: Option<Wanted>,
    /// How an aggregate combines what it is made of; of others it has no meaning.
    pub strategy: DecisionStrategy,
    /// What an aggregate is made of.
    pub policies: Vec<TracedPolicy>,
}

/// What a policy or permission says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Yes.
    Grant,
    /// No.
    Deny,
    /// Keycloak has to be asked.
    Unknown,
    /// Keycloak fails at it.
    Fails,
}

/// What would make a policy's condition met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these roles: of the realm, or `CLIENT/ROLE`.
    OneOfRoles(Vec<String>),
    /// Every one of these roles.
    AllOfRoles(Vec<String>),
    /// One of these groups, by path.
    OneOfGroups(Vec<String>),
    /// One of these users.
    OneOfUsers(Vec<String>),
    /// A token of one of these clients.
    OneOfClients(Vec<String>),
    /// One of these client scopes.
    OneOfClientScopes(Vec<String>),
    /// Every one of these client scopes.
    AllOfClientScopes(Vec<String>),
    /// A time in this window, as configured: names and values.
    Time(Vec<(String, String)>),
    /// A claim that matches.
    Match {
        /// The claim, or a path into it.
        target: String,
        /// A regular expression for the whole of it.
        pattern: String,
        /// Whether it is one that comes with the request, not with the token.
        pushed: bool,
    },
    /// Only Keycloak knows.
    Unknown,
}

impl TracedEntry {
    /// From an entry that has been decided.
    pub(super) fn new(evaluation: &mut Evaluation<'_>, entry: &Entry, outcome: &Outcome) -> Self {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let findings = evaluation.findings(entry);
        Self {
            resource: evaluation.resource(entry).map(|resource| resource.name.clone()),
            scopes: owned(evaluation.names(&entry.scopes)),
            outcome: match outcome {
                Outcome::Known(Some(scopes)) => TracedOutcome::Granted(owned(evaluation.names(scopes))),
                Outcome::Known(None) => TracedOutcome::Refused,
                Outcome::Fails => TracedOutcome::Fails,
                Outcome::Open { reason, .. } | Outcome::Hidden(reason) => {
                    TracedOutcome::NeedsKeycloak(reason.clone())
                }
            },
            permissions: findings
                .into_iter()
                .filter_map(|finding| TracedPermission::new(evaluation, entry, finding))
                .collect(),
        }
    }

    /// Whether one of its permissions stands in the way of a yes: without a say only by failing, or if it may fail.
    pub fn is_in_the_way(&self, permission: &TracedPermission) -> bool {
        let is_decided = matches!(self.outcome, TracedOutcome::Granted(_) | TracedOutcome::Refused);
        match permission.effect {
            None | Some(Effect::Grant) => false,
            Some(Effect::Deny) => permission.has_say,
            Some(Effect::Unknown) => permission.has_say || !is_decided,
            Some(Effect::Fails) => true,
        }
    }

    /// The permissions that stand in the way of a yes.
    pub fn in_the_way(&self) -> impl Iterator<Item = &TracedPermission> {
        self.permissions.iter().filter(|permission| self.is_in_the_way(permission))
    }
}

impl TracedPermission {
    fn new(evaluation: &mut Evaluation<'_>, entry: &Entry, finding: Finding) -> Option<Self> {
        let effect = evaluation.permission(finding.permission).map(Effect::from);
        let permission = evaluation.model.permission(finding.permission)?;
        let for_scopes = permission.kind == PermissionKind::Scope;
        let has_say = !for_scopes
            || entry.scopes.is_empty()
            || entry.scopes.iter().any(|scope| permission.scopes.contains(scope));
        Some(Self {
            name: permission.name.clone(),
            for_scopes,
            has_say,
            found_by: match finding.group {
                Group::Resource => FoundBy::Resource,
                Group::Type => FoundBy::Type,
                Group::Parent => FoundBy::Parent,
                Group::Scope => FoundBy::Scope,
            },
            effect,
            strategy: permission.strategy,
            policies: traced(evaluation, &permission.policies),
        })
    }
}

fn traced(evaluation: &mut Evaluation<'_>, policies: &[PolicyId]) -> Vec<TracedPolicy> {
    policies.iter().filter_map(|policy| TracedPolicy::new(evaluation, *policy)).collect()
}

impl TracedPolicy {
    fn new(evaluation: &mut Evaluation<'_>, id: PolicyId) -> Option<Self> {
        let effect = Effect::from(evaluation.policy(id));
        let policy = evaluation.model.policy(id)?;
        let (strategy, parts) = match &policy.rule {
            Rule::Aggregate(rule) => (rule.strategy, rule.policies.as_slice()),
            _ => (DecisionStrategy::default(), [].as_slice()),
        };
        Some(Self {
            name: policy.name.clone(),
            kind: policy.kind.clone(),
            negative: policy.logic == Logic::Negative,
            effect,
            wanted: if effect == Effect::Grant { None } else { policy.wanted(&evaluation.facts) },
            strategy,
            policies: traced(evaluation, parts),
        })
    }
}

impl From<Verdict> for Effect {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Permit => Self::Grant,
            Verdict::Deny => Self::Deny,
            Verdict::Unknown(_) | Verdict::Risky(_) => Self::Unknown,
            Verdict::Fails => Self::Fails,
        }
    }
}

//! Keycloak's authorization settings, compiled.

mod compile;
mod fabric;
mod index;
mod named;
mod permission;
mod uri_matcher;

use super::policy::Policy;
use super::settings::Settings;
use super::surroundings::Surroundings;
use super::verdict::{Cause, PolicyId};
use super::{DecisionStrategy, PolicyEnforcementMode, Resource};

pub(super) use self::index::Index;
pub use self::named::NamedSubjects;
pub(super) use self::permission::{
    Finding, Group, KeycloakPermission, PermissionId, PermissionKind, ScopeId,
};
use self::uri_matcher::UriMatcher;

/// The settings of a resource server, compiled: which resource a path belongs to, and who may do what with it.
///
/// Paths find only resources of the resource server itself, by Keycloak's own path matcher and with case; those of users
/// are Keycloak's business. Immutable, so that it can be shared.
///
/// ```
/// use gatecloak::authz::{Evaluated, Identity, Inquiry, Model, PushedClaims, Settings, Surroundings};
///
/// let settings = Settings::parse(br#"{
///     "resources": [{"name": "Orders", "uris": ["/orders/*"], "scopes": [{"name": "view"}, {"name": "edit"}]}],
///     "policies": [
///         {"name": "clerks", "type": "role", "config": {"roles": "[{\"id\": \"clerk\"}]"}},
///         {"name": "clerks view", "type": "scope", "config": {
///             "resources": "[\"Orders\"]", "scopes": "[\"view\"]", "applyPolicies": "[\"clerks\"]"}}
///     ]}"#)?;
/// let model = Model::compile(settings, Surroundings::default())?;
///
/// // The claims of a verified token.
/// let identity = Identity::from_claims(br#"{"realm_access": {"roles": ["clerk"]}}"#).ok_or("not an object")?;
/// let inquiry = Inquiry {
///     identity: &identity,
///     resource: model.find("/orders/5").ok_or("no resource")?,
///     scopes: &["view".to_owned(), "edit".to_owned()],
///     now: 1_795_608_000,
///     pushed: &PushedClaims::default(),
/// };
/// assert_eq!(model.evaluate(&inquiry), Evaluated::Granted(vec!["view"]));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Model {
    pub(super) resources: Vec<Resource>,
    pub(super) scopes: Vec<String>,
    pub(super) policies: Vec<Policy>,
    pub(super) permissions: Vec<KeycloakPermission>,
    pub(super) index: Index,
    pub(super) surroundings: Surroundings,
    uris: UriMatcher,
    /// Policies without those that stand for missing ones.
    policy_count: usize,
    decision_strategy: DecisionStrategy,
    enforcement_mode: PolicyEnforcementMode,
}

/// Why a path has not one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOne {
    /// No URI covers it.
    #[error("no resource has a uri for this path")]
    None,
    /// Which one it is depends on the order in which Keycloak happens to try them, or two have the same URI, or a user
    /// has a resource of the same name.
    #[error("the uris of more than one resource could be meant by this path")]
    Several,
}

/// A policy that Keycloak has to be asked about, always or for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteOnly {
    /// The policy's name.
    pub policy: String,
    /// Why.
    pub reason: Cause,
}

impl Model {
    /// Compiles an export, nothing else being known; see [`Settings::parse`]. Two resources of the resource server with
    /// one name are an error, as Keycloak has no such.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        Self::compile(Settings::parse(json)?, Surroundings::default())
    }

    /// Compiles settings, and what is known beside them. What a policy has that is not understood makes it one that only
    /// Keycloak can evaluate ([`Model::remote_only`]); an error is what Keycloak cannot have: two policies of one name, two
    /// resources of one owner, a resource without a name.
    pub fn compile(settings: Settings, surroundings: Surroundings) -> Result<Self, String> {
        compile::compile(settings, surroundings)
    }

    /// The resource that a raw (still encoded) path belongs to.
    pub fn find(&self, path: &str) -> Option<&Resource> {
        self.lookup(path).ok()
    }

    /// The same, with the reason if there is not just one.
    pub fn lookup(&self, path: &str) -> Result<&Resource, NotOne> {
        let resource = self.resource_at(self.uris.find_in_any_order(path)?)?;
        // Asked for by its name, a user's own resource would come before it.
        if self.index.named(&resource.name).len() > 1 { Err(NotOne::Several) } else { Ok(resource) }
    }

    /// The resource that has this very URI, in any case, as Keycloak compares; nothing of it is a pattern. A user's own
    /// cannot be asked for by its name, and counts as several.
    pub fn with_uri(&self, uri: &str) -> Result<&Resource, NotOne> {
        match self.index.with_uri(uri) {
            [] => Err(NotOne::None),
            &[place] => {
                let resource = self.resources.get(place).ok_or(NotOne::Several)?;
                if self.named(&resource.name).is_some() { Ok(resource) } else { Err(NotOne::Several) }
            }
            _ => Err(NotOne::Several),
        }
    }

    /// The resource server's resource of this name, if no user has one of the same: then it depends on who asks.
    pub fn named(&self, name: &str) -> Option<&Resource> {
        match self.index.named(name) {
            &[place] => self.resources.get(place).filter(|resource| resource.owner.is_none()),
            _ => None,
        }
    }

    /// All resources, also those of users.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// How many policies there are, permissions not counted.
    pub fn policy_count(&self) -> usize {
        self.policy_count
    }

    /// How many permissions there are.
    pub fn permission_count(&self) -> usize {
        self.permissions.len()
    }

    /// The policies that Keycloak has to be asked about, always or for some, in the order of the settings.
    pub fn remote_only(&self) -> Vec<RemoteOnly> {
        let remote = self.policies.iter().filter_map(|policy| {
            Some(RemoteOnly { policy: policy.name.clone(), reason: policy.always_remote()? })
        });
        remote.collect()
    }

    /// How permissions are combined.
    pub fn decision_strategy(&self) -> DecisionStrategy {
        self.decision_strategy
    }

    /// What happens to a resource without a permission.
    pub fn enforcement_mode(&self) -> PolicyEnforcementMode {
        self.enforcement_mode
    }

    /// The resource server's resource that a raw path belongs to, found as Keycloak finds it: in its own order.
    pub(super) fn match_uri(&self, path: &str) -> Result<&Resource, NotOne> {
        self.resource_at(self.uris.find(path)?)
    }

    fn resource_at(&self, place: usize) -> Result<&Resource, NotOne> {
        self.resources.get(place).ok_or(NotOne::None)
    }

    pub(super) fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.get(id.0)
    }

    pub(super) fn permission(&self, id: PermissionId) -> Option<&KeycloakPermission> {
        self.permissions.get(id.0)
    }

    pub(super) fn scope_name(&self, id: ScopeId) -> &str {
        self.scopes.get(id.0).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests;

//! Policies of type `group`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::list;
use super::{Facts, Met};
use crate::authz::identity::Attribute;
use crate::authz::surroundings::KeycloakVersion;
use crate::authz::verdict::Cause;

/// One of these groups, by a claim of the token. A value with a `/` is a path, any other the bare name of a group.
#[derive(Debug)]
pub(in crate::authz) struct GroupRule {
    claim: Option<Box<str>>,
    groups: Vec<ListedGroup>,
}

#[derive(Debug)]
struct ListedGroup {
    path: Box<str>,
    /// What stands after the last `/`.
    name: Box<str>,
    with_children: bool,
    /// The name itself holds a `/`: how it is compared depends on an option of Keycloak's.
    slashed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    path: String,
    #[serde(default)]
    extend_children: bool,
}

impl GroupRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        let entries: Vec<Entry> = list(config, "groups")?;
        let groups = entries.into_iter().map(|Entry { path, extend_children }| ListedGroup {
            name: path.rsplit('/').next().unwrap_or_default().into(),
            slashed: path.contains("~/"),
            path: path.into(),
            with_children: extend_children,
        });
        let claim = config.get("groupsClaim").filter(|claim| !claim.is_empty());
        Ok(Self { claim: claim.map(|claim| claim.as_str().into()), groups: groups.collect() })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        if self.groups.is_empty() {
            return Met::No;
        }
        let Some(claim) = &self.claim else { return Met::Unknown(Cause::GroupsNotInToken) };
        let values = match facts.identity.attribute(claim) {
            Attribute::Texts(values) => values,
            Attribute::Absent if facts.surroundings.promises.groups_claim_complete => Vec::new(),
            Attribute::Absent => return Met::Unknown(Cause::GroupsNotInToken),
            Attribute::Unsure => return Met::Unknown(Cause::ValueUnsure),
        };
        let mut result = Met::No;
        for group in &self.groups {
            for value in &values {
                match group.holds(value, facts.surroundings.version) {
                    Met::No => {}
                    Met::Yes => return Met::Yes,
                    other => result = other,
                }
            }
        }
        result
    }

    /// The groups, one of which would be needed.
    pub(in crate::authz) fn missing(&self) -> Vec<String> {
        self.groups.iter().map(|group| group.path.to_string()).collect()
    }

    /// The claim that it reads.
    pub(in crate::authz) fn claim(&self) -> Option<&str> {
        self.claim.as_deref()
    }

    pub(super) fn always_remote(&self) -> Option<Cause> {
        if self.groups.iter().any(|group| group.slashed) {
            return Some(Cause::GroupNameWithSlash);
        }
        (self.claim.is_none() && !self.groups.is_empty()).then_some(Cause::GroupsNotInToken)
    }
}

impl ListedGroup {
    /// Whether a value of the claim is this group, or one inside it.
    fn holds(&self, value: &str, version: KeycloakVersion) -> Met {
        if self.slashed {
            return Met::Unknown(Cause::GroupNameWithSlash);
        }
        if !value.contains('/') || *value == *self.path || !self.with_children {
            return (*value == *self.path && value.contains('/') || *value == *self.name).into();
        }
        let Some(rest) = value.strip_prefix(&*self.path) else { return Met::No };
        match version {
            _ if rest.starts_with('/') => Met::Yes,
            KeycloakVersion::Current => Met::No,
            // There `/engineering` is inside `/eng`.
            KeycloakVersion::V26_4 => Met::Yes,
            KeycloakVersion::Other => Met::Unknown(Cause::VersionUnknown),
        }
    }
}

//! The roles, scopes and groups that the policies name.

use std::collections::BTreeSet;

use super::Model;
use crate::authz::policy::Rule;

/// What policies tell callers apart by, each once and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedSubjects {
    /// Roles: of the realm, or `CLIENT/ROLE`.
    pub roles: BTreeSet<String>,
    /// Client scopes.
    pub scopes: BTreeSet<String>,
    /// Groups: the claim, and the path.
    pub groups: BTreeSet<(String, String)>,
}

impl Model {
    /// Collects them. Groups of a policy that reads no claim are left out: no token can show them.
    pub fn named_subjects(&self) -> NamedSubjects {
        let mut named = NamedSubjects::default();
        for policy in &self.policies {
            match &policy.rule {
                Rule::Role(rule) => named.roles.extend(rule.names()),
                Rule::ClientScope(rule) => named.scopes.extend(rule.names()),
                Rule::Group(rule) => {
                    if let Some(claim) = rule.claim() {
                        let groups = rule.missing().into_iter();
                        named.groups.extend(groups.map(|group| (claim.to_owned(), group)));
                    }
                }
                _ => {}
            }
        }
        named
    }
}

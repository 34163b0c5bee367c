//! Policies of type `user`.

use std::collections::BTreeMap;
use std::collections::HashSet;

use super::config::list;
use super::{Facts, Met};
use crate::authz::identity::Subject;
use crate::authz::verdict::Cause;

/// One of these users. A service account is a client to Keycloak, and never one of them.
#[derive(Debug)]
pub(in crate::authz) struct UserRule {
    users: HashSet<String, ahash::RandomState>,
}

impl UserRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        Ok(Self { users: list(config, "users")?.into_iter().collect() })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        match facts.subject {
            Subject::User(name) => self.users.contains(name).into(),
            Subject::ResourceServer | Subject::Client => Met::No,
            Subject::Unknown { .. } if self.users.is_empty() => Met::No,
            Subject::Unknown { .. } => Met::Unknown(Cause::UserUnknown),
        }
    }

    /// The users, one of whom would be needed.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut users: Vec<String> = self.users.iter().cloned().collect();
        users.sort();
        users
    }
}

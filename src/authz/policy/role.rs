//! Policies of type `role`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::{list, switch};
use super::{Facts, Met};
use crate::authz::verdict::Cause;

/// Some of these roles, and all that are required. Roles come from the token only.
#[derive(Debug)]
pub(in crate::authz) struct RoleRule {
    roles: Vec<ListedRole>,
    fetched: bool,
}

#[derive(Debug)]
struct ListedRole {
    role: Role,
    required: bool,
}

#[derive(Debug)]
enum Role {
    Realm(Box<str>),
    /// Client and role.
    Client((Box<str>, Box<str>)),
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    required: bool,
}

impl RoleRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        let entries: Vec<Entry> = list(config, "roles")?;
        let roles = entries.into_iter().map(|Entry { id, required }| {
            // A realm role whose name has a `/` looks the same; it is assumed that there is none.
            let role = match id.split_once('/') {
                Some((client, role)) => Role::Client((client.into(), role.into())),
                None => Role::Realm(id.into()),
            };
            ListedRole { role, required }
        });
        Ok(Self { roles: roles.collect(), fetched: switch(config, "fetchRoles") })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        if self.fetched {
            return if self.roles.is_empty() { Met::No } else { Met::Unknown(Cause::RolesFetched) };
        }
        let mut holds_one = false;
        for listed in &self.roles {
            let held = listed.is_held(facts);
            if !held && listed.required {
                return Met::No;
            }
            holds_one |= held;
        }
        holds_one.into()
    }

    /// The roles that would be needed: all that are required and not held, else any of them.
    pub(super) fn missing(&self, facts: &Facts<'_>) -> (Vec<String>, bool) {
        let not_held = || self.roles.iter().filter(|listed| !listed.is_held(facts));
        let required: Vec<String> =
            not_held().filter(|listed| listed.required).map(ListedRole::name).collect();
        if required.is_empty() {
            (not_held().map(ListedRole::name).collect(), false)
        } else {
            (required, true)
        }
    }

    /// All roles that it names: of the realm, or `CLIENT/ROLE`.
    pub(in crate::authz) fn names(&self) -> Vec<String> {
        self.roles.iter().map(ListedRole::name).collect()
    }

    pub(super) fn always_remote(&self) -> Option<Cause> {
        self.fetched.then_some(Cause::RolesFetched)
    }
}

impl ListedRole {
    fn name(&self) -> String {
        match &self.role {
            Role::Realm(role) => role.to_string(),
            Role::Client((client, role)) => format!("{client}/{role}"),
        }
    }

    fn is_held(&self, facts: &Facts<'_>) -> bool {
        match &self.role {
            Role::Realm(role) => facts.identity.has_realm_role(role),
            Role::Client(role) => facts.identity.has_client_role(role),
        }
    }
}

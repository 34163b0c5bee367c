//! A policy of authorization settings.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Permission, Role};
use crate::connection::{CallError, ErrorClass};

/// The one type of policy that has roles.
pub(super) const ROLE: &str = "role";

/// A policy, and the permissions that name it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Policy {
    /// Unique among policies and permissions.
    pub name: String,
    /// `role`; others have no roles.
    #[serde(rename = "type")]
    pub kind: String,
    /// `POSITIVE`, or `NEGATIVE`: it grants to those who do not meet it.
    pub logic: String,
    /// How several of its kind become one decision.
    pub decision_strategy: String,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    permissions: Vec<Permission>,
}

impl Policy {
    /// Without roles and permissions.
    pub fn new(name: &str, kind: &str, logic: &str, decision_strategy: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            logic: logic.to_owned(),
            decision_strategy: decision_strategy.to_owned(),
            roles: Vec::new(),
            permissions: Vec::new(),
        }
    }

    /// The roles it asks for.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The permissions that name it.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// One more role. A policy of another type than `role` has none: [`ErrorClass::AuthorizationConfig`].
    pub fn add_role(&mut self, role: Role) -> Result<(), CallError> {
        if self.kind != ROLE {
            return Err(CallError::local(
                ErrorClass::AuthorizationConfig,
                format!("the policy `{}` is of the type `{}`, which has no roles", self.name, self.kind),
            ));
        }
        self.roles.push(role);
        Ok(())
    }

    /// One more permission.
    pub fn add_permission(&mut self, permission: Permission) {
        self.permissions.push(permission);
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policy: {} ({})", self.name, self.kind)
    }
}

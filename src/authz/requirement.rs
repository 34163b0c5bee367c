//! A route's `require`, compiled.

use crate::config::{Problem, RequireConfig};
use crate::token::Principal;

/// A compiled `require`.
#[derive(Debug)]
pub struct Requirement {
    _doors_only: (),
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

#[expect(unused_variables, reason = "door")]
impl Requirement {
    /// Compiles `require`; `key` is its path in the configuration (`routes.orders.require`), for problems.
    pub fn compile(key: &str, config: &RequireConfig) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// What it needs.
    pub fn needs(&self) -> Needs {
        todo!()
    }

    /// Whether a permission has to be found by the request's path, so that the provider needs `settings`.
    pub fn finds_resource_by_path(&self) -> bool {
        todo!()
    }

    /// Whether the principal lacks a claim that a condition here is judged by (a lightweight token lacks `realm_access`,
    /// `groups`, ...), so that introspection could change the answer.
    pub fn lacks_claims(&self, principal: &Principal) -> bool {
        todo!()
    }
}

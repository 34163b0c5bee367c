//! The answer to the question whether a user may.

use std::fmt;

use super::PermissionSet;

/// Whether the bearer of a token may do everything that was asked, and if not, what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthStatus {
    /// Whether Keycloak took the token.
    pub is_logged_in: bool,
    /// Whether every permission is granted.
    pub is_authorized: bool,
    /// The permissions that are not.
    pub missing: PermissionSet,
}

impl fmt::Display for AuthStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing: Vec<&str> = self.missing.iter().collect();
        write!(
            f,
            "AuthStatus(is_authorized={}, is_logged_in={}, missing_permissions={missing:?})",
            self.is_authorized, self.is_logged_in
        )
    }
}

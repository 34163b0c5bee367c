//! Attack Detection.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// What brute-force detection holds against users.
#[derive(Clone, Debug)]
pub struct AttackDetection {
    location: Location,
}

impl AttackDetection {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The state of a user: failures, and whether it is locked out for a while.
    ///
    /// `GET /admin/realms/{realm}/attack-detection/brute-force/users/{user}`; python-keycloak `get_bruteforce_detection_status`
    pub async fn status(&self, user: &str) -> Result<Value, CallError> {
        self.location.child(user).get().await
    }

    /// Forgets the failures of a user, which lets it in again.
    ///
    /// `DELETE /admin/realms/{realm}/attack-detection/brute-force/users/{user}`; python-keycloak `clear_bruteforce_attempts_for_user`
    pub async fn clear(&self, user: &str) -> Result<(), CallError> {
        self.location.child(user).delete().await
    }

    /// Forgets the failures of all users.
    ///
    /// `DELETE /admin/realms/{realm}/attack-detection/brute-force/users`; python-keycloak `clear_all_bruteforce_attempts`
    pub async fn clear_all(&self) -> Result<(), CallError> {
        self.location.delete().await
    }
}

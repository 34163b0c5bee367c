//! User Profile.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// Which attributes the users of a realm have.
#[derive(Clone, Debug)]
pub struct UserProfile {
    location: Location,
}

impl UserProfile {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The attributes, their groups, and what happens with attributes that are not among them.
    ///
    /// `GET /admin/realms/{realm}/users/profile`; python-keycloak `get_realm_users_profile`
    pub async fn get(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// Replaces it as a whole; what it is afterwards. `unmanagedAttributePolicy` says what happens with other attributes:
    /// where it is absent they are dropped.
    ///
    /// `PUT /admin/realms/{realm}/users/profile`; python-keycloak `update_realm_users_profile`
    pub async fn update(&self, profile: &Value) -> Result<Value, CallError> {
        self.location.put(profile).await
    }
}

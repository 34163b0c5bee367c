//! Realms Admin: client policies.

use serde_json::Value;

use super::location::Location;
use crate::connection::{CallError, Query};

/// Rules on the clients of a realm: profiles say what is demanded, policies of whom.
#[derive(Clone, Debug)]
pub struct ClientPolicies {
    location: Location,
}

impl ClientPolicies {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The policies, an object with the list `policies`.
    ///
    /// `GET /admin/realms/{realm}/client-policies/policies`; python-keycloak: none
    pub async fn policies(&self) -> Result<Value, CallError> {
        self.location.fixed("policies").get().await
    }

    /// Replaces all policies.
    ///
    /// `PUT /admin/realms/{realm}/client-policies/policies`; python-keycloak: none
    pub async fn set_policies(&self, policies: &Value) -> Result<(), CallError> {
        self.location.fixed("policies").put(policies).await.map(drop)
    }

    /// The profiles, an object with the list `profiles`, and with those that Keycloak brings in `globalProfiles`.
    ///
    /// `GET /admin/realms/{realm}/client-policies/profiles`; python-keycloak: none
    pub async fn profiles(&self) -> Result<Value, CallError> {
        let query = Query::new().with("include-global-profiles", true);
        self.location.fixed("profiles").get_with(query).await
    }

    /// Replaces all profiles but those that Keycloak brings.
    ///
    /// `PUT /admin/realms/{realm}/client-policies/profiles`; python-keycloak: none
    pub async fn set_profiles(&self, profiles: &Value) -> Result<(), CallError> {
        self.location.fixed("profiles").put(profiles).await.map(drop)
    }
}

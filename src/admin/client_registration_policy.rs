//! Client Registration Policy.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// What may rule dynamic client registration. The policies in use are [`Components`](super::Components).
#[derive(Clone, Debug)]
pub struct ClientRegistrationPolicy {
    location: Location,
}

impl ClientRegistrationPolicy {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The kinds of policies, with their settings.
    ///
    /// `GET /admin/realms/{realm}/client-registration-policy/providers`; python-keycloak: none
    pub async fn providers(&self) -> Result<Value, CallError> {
        self.location.fixed("providers").get().await
    }
}

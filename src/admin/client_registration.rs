//! Client Initial Access.

use serde_json::{Value, json};

use super::location::Location;
use crate::connection::CallError;

/// The tokens with which programs may register clients of their own.
#[derive(Clone, Debug)]
pub struct ClientRegistration {
    location: Location,
}

impl ClientRegistration {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The initial access tokens, without the tokens themselves.
    ///
    /// `GET /admin/realms/{realm}/clients-initial-access`; python-keycloak: none
    pub async fn list(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// Makes an initial access token for so many clients, good for so many seconds (0: for ever). The answer's `token` is
    /// never shown again.
    ///
    /// `POST /admin/realms/{realm}/clients-initial-access`; python-keycloak `create_initial_access_token`
    pub async fn create(&self, count: u32, expiration: u32) -> Result<Value, CallError> {
        self.location.post(&json!({"count": count, "expiration": expiration})).await
    }

    /// Ends an initial access token.
    ///
    /// `DELETE /admin/realms/{realm}/clients-initial-access/{id}`; python-keycloak: none
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }
}

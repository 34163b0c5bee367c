//! Client Initial Access.

use serde_json::{Value, json};

use super::location::Location;
use crate::connection::CallError;

/// The tokens with which programs may register clients of their own.
#[derive(Clone, Debug)]
pub struct ClientRegistration {
    realm: Location,
}

impl ClientRegistration {
    pub(super) fn new(realm: Location) -> Self {
        Self { realm }
    }

    /// The initial access tokens, without the tokens themselves.
    ///
    /// `GET /admin/realms/{realm}/clients-initial-access`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.tokens().get().await
    }

    /// Makes an initial access token for so many clients, good for so many seconds (0: for ever). The answer's `token` is
    /// never shown again.
    ///
    /// `POST /admin/realms/{realm}/clients-initial-access`; python-keycloak `create_initial_access_token`
    pub async fn create(&self, count: u32, expiration: u32) -> Result<Value, CallError> {
        self.tokens().post(&json!({"count": count, "expiration": expiration})).await
    }

    /// Ends an initial access token.
    ///
    /// `DELETE /admin/realms/{realm}/clients-initial-access/{id}`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.tokens().child(id).delete().await
    }

    /// The kinds of policies that a realm can have for registrations, with their settings.
    ///
    /// `GET /admin/realms/{realm}/client-registration-policy/providers`
    pub async fn policy_providers(&self) -> Result<Value, CallError> {
        self.realm.fixed("client-registration-policy/providers").get().await
    }

    fn tokens(&self) -> Location {
        self.realm.fixed("clients-initial-access")
    }
}

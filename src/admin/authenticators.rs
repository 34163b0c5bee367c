//! Authentication Management: what steps there are, and the settings of those in use.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// The providers that executions can be made of, and the settings of executions.
#[derive(Clone, Debug)]
pub struct Authenticators {
    location: Location,
}

impl Authenticators {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The authenticators.
    ///
    /// `GET /admin/realms/{realm}/authentication/authenticator-providers`; python-keycloak `get_authenticator_providers`
    pub async fn providers(&self) -> Result<Value, CallError> {
        self.location.fixed("authenticator-providers").get().await
    }

    /// The ways in which clients can prove themselves.
    ///
    /// `GET /admin/realms/{realm}/authentication/client-authenticator-providers`; python-keycloak: none
    pub async fn client_providers(&self) -> Result<Value, CallError> {
        self.location.fixed("client-authenticator-providers").get().await
    }

    /// The forms.
    ///
    /// `GET /admin/realms/{realm}/authentication/form-providers`; python-keycloak: none
    pub async fn form_providers(&self) -> Result<Value, CallError> {
        self.location.fixed("form-providers").get().await
    }

    /// What can be put into a form.
    ///
    /// `GET /admin/realms/{realm}/authentication/form-action-providers`; python-keycloak: none
    pub async fn form_action_providers(&self) -> Result<Value, CallError> {
        self.location.fixed("form-action-providers").get().await
    }

    /// The settings that an authenticator has.
    ///
    /// `GET /admin/realms/{realm}/authentication/config-description/{provider}`; python-keycloak `get_authenticator_provider_config_description`
    pub async fn config_description(&self, provider: &str) -> Result<Value, CallError> {
        self.location.fixed("config-description").child(provider).get().await
    }

    /// The settings of an execution. Values that are secret are masked.
    ///
    /// `GET /admin/realms/{realm}/authentication/config/{id}`; python-keycloak `get_authenticator_config`
    pub async fn config(&self, id: &str) -> Result<Value, CallError> {
        self.location.fixed("config").child(id).get().await
    }

    /// Replaces the settings of an execution. A mask stands for the value that is there.
    ///
    /// `PUT /admin/realms/{realm}/authentication/config/{id}`; python-keycloak `update_authenticator_config`
    pub async fn update_config(&self, id: &str, config: &Value) -> Result<(), CallError> {
        self.location.fixed("config").child(id).put(config).await.map(drop)
    }

    /// Takes its settings from an execution.
    ///
    /// `DELETE /admin/realms/{realm}/authentication/config/{id}`; python-keycloak `delete_authenticator_config`
    pub async fn delete_config(&self, id: &str) -> Result<(), CallError> {
        self.location.fixed("config").child(id).delete().await
    }
}

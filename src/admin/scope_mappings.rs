//! Scope Mappings.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// The roles that may get into tokens through a client or a client scope. Lists of roles are representations with `id` and
/// `name`; an `owner` is the id of the client that the roles belong to.
#[derive(Clone, Debug)]
pub struct ScopeMappings {
    location: Location,
}

impl ScopeMappings {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All of them: `realmMappings` and `clientMappings`, each only if there are any.
    ///
    /// `GET /admin/realms/{realm}/client-scopes/{id}/scope-mappings`; python-keycloak `get_all_roles_of_client_scope`
    pub async fn all(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// The realm roles.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/realm`; python-keycloak `get_realm_roles_of_client_scope`
    pub async fn realm_roles(&self) -> Result<Value, CallError> {
        self.realm().get().await
    }

    /// The realm roles that could be added.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/realm/available`; python-keycloak: none
    pub async fn available_realm_roles(&self) -> Result<Value, CallError> {
        self.realm().fixed("available").get().await
    }

    /// The realm roles with those that they are composed of.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/realm/composite`; python-keycloak: none
    pub async fn effective_realm_roles(&self) -> Result<Value, CallError> {
        self.realm().fixed("composite").get().await
    }

    /// Adds realm roles.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/scope-mappings/realm`; python-keycloak `assign_realm_roles_to_client_scope`
    pub async fn add_realm_roles(&self, roles: &Value) -> Result<(), CallError> {
        self.realm().post(roles).await.map(drop)
    }

    /// Removes realm roles.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/scope-mappings/realm`; python-keycloak `delete_realm_roles_of_client_scope`
    pub async fn remove_realm_roles(&self, roles: &Value) -> Result<(), CallError> {
        self.realm().delete_with(roles).await
    }

    /// The roles of one client.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/clients/{owner}`; python-keycloak `get_client_roles_of_client_scope`
    ///
    /// `GET /admin/realms/{realm}/client-scopes/{id}/scope-mappings/clients/{owner}`; python-keycloak `get_client_specific_roles_of_client_scope`
    pub async fn client_roles(&self, owner: &str) -> Result<Value, CallError> {
        self.client(owner).get().await
    }

    /// The roles of one client that could be added.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/clients/{owner}/available`; python-keycloak: none
    pub async fn available_client_roles(&self, owner: &str) -> Result<Value, CallError> {
        self.client(owner).fixed("available").get().await
    }

    /// The roles of one client with those that they are composed of.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/scope-mappings/clients/{owner}/composite`; python-keycloak: none
    pub async fn effective_client_roles(&self, owner: &str) -> Result<Value, CallError> {
        self.client(owner).fixed("composite").get().await
    }

    /// Adds roles of one client.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/scope-mappings/clients/{owner}`; python-keycloak `assign_client_roles_to_client_scope`
    ///
    /// `POST /admin/realms/{realm}/client-scopes/{id}/scope-mappings/clients/{owner}`; python-keycloak `add_client_specific_roles_to_client_scope`
    pub async fn add_client_roles(&self, owner: &str, roles: &Value) -> Result<(), CallError> {
        self.client(owner).post(roles).await.map(drop)
    }

    /// Removes roles of one client.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/scope-mappings/clients/{owner}`; python-keycloak `delete_client_roles_of_client_scope`
    ///
    /// `DELETE /admin/realms/{realm}/client-scopes/{id}/scope-mappings/clients/{owner}`; python-keycloak `remove_client_specific_roles_of_client_scope`
    pub async fn remove_client_roles(&self, owner: &str, roles: &Value) -> Result<(), CallError> {
        self.client(owner).delete_with(roles).await
    }

    fn realm(&self) -> Location {
        self.location.fixed("realm")
    }

    fn client(&self, owner: &str) -> Location {
        self.location.fixed("clients").child(owner)
    }
}

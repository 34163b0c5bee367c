//! Role Mapper and Client Role Mappings: which roles a user or a group has.

use serde_json::Value;

use super::location::Location;
use crate::connection::{CallError, Query};

/// The roles of one user ([`super::Realm::user_roles`]) or of one group ([`super::Realm::group_roles`]).
///
/// Lists of roles are representations with at least `id` and `name`, as the server gives them. A client is meant by its id.
#[derive(Clone, Debug)]
pub struct RoleMappings {
    location: Location,
}

impl RoleMappings {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All roles that were given, `{"realmMappings": [...], "clientMappings": {...}}`.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings`; python-keycloak `get_all_roles_of_user`
    pub async fn all(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// The roles of the realm that were given.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/realm`; python-keycloak `get_realm_roles_of_user`
    ///
    /// `GET /admin/realms/{realm}/groups/{id}/role-mappings/realm`; python-keycloak `get_group_realm_roles`
    pub async fn realm(&self, query: Query) -> Result<Value, CallError> {
        self.of_realm().get_with(query).await
    }

    /// The roles of the realm that could be given and are not.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/realm/available`; python-keycloak `get_available_realm_roles_of_user`
    pub async fn available_realm(&self) -> Result<Value, CallError> {
        self.of_realm().fixed("available").get().await
    }

    /// The roles of the realm that are in effect: given, and brought along by others.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/realm/composite`; python-keycloak `get_composite_realm_roles_of_user`
    pub async fn effective_realm(&self, query: Query) -> Result<Value, CallError> {
        self.of_realm().fixed("composite").get_with(query).await
    }

    /// Gives roles of the realm; some may be given already.
    ///
    /// `POST /admin/realms/{realm}/users/{id}/role-mappings/realm`; python-keycloak `assign_realm_roles`
    ///
    /// `POST /admin/realms/{realm}/groups/{id}/role-mappings/realm`; python-keycloak `assign_group_realm_roles`
    pub async fn add_realm(&self, roles: &Value) -> Result<(), CallError> {
        self.of_realm().post(roles).await.map(drop)
    }

    /// Takes roles of the realm away.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/role-mappings/realm`; python-keycloak `delete_realm_roles_of_user`
    ///
    /// `DELETE /admin/realms/{realm}/groups/{id}/role-mappings/realm`; python-keycloak `delete_group_realm_roles`
    pub async fn remove_realm(&self, roles: &Value) -> Result<(), CallError> {
        self.of_realm().delete_with(roles).await
    }

    /// The roles of a client that were given.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/clients/{client}`; python-keycloak `get_client_roles_of_user`
    ///
    /// `GET /admin/realms/{realm}/groups/{id}/role-mappings/clients/{client}`; python-keycloak `get_group_client_roles`
    pub async fn client(&self, client: &str) -> Result<Value, CallError> {
        self.of_client(client).get().await
    }

    /// The roles of a client that could be given and are not.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/clients/{client}/available`; python-keycloak `get_available_client_roles_of_user`
    pub async fn available_client(&self, client: &str) -> Result<Value, CallError> {
        self.of_client(client).fixed("available").get().await
    }

    /// The roles of a client that are in effect: given, and brought along by others.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/role-mappings/clients/{client}/composite`; python-keycloak `get_composite_client_roles_of_user`
    ///
    /// `GET /admin/realms/{realm}/groups/{id}/role-mappings/clients/{client}/composite`; python-keycloak `get_composite_client_roles_of_group`
    pub async fn effective_client(&self, client: &str, query: Query) -> Result<Value, CallError> {
        self.of_client(client).fixed("composite").get_with(query).await
    }

    /// Gives roles of a client; some may be given already.
    ///
    /// `POST /admin/realms/{realm}/users/{id}/role-mappings/clients/{client}`; python-keycloak `assign_client_role`
    ///
    /// `POST /admin/realms/{realm}/groups/{id}/role-mappings/clients/{client}`; python-keycloak `assign_group_client_roles`
    pub async fn add_client(&self, client: &str, roles: &Value) -> Result<(), CallError> {
        self.of_client(client).post(roles).await.map(drop)
    }

    /// Takes roles of a client away.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/role-mappings/clients/{client}`; python-keycloak `delete_client_roles_of_user`
    ///
    /// `DELETE /admin/realms/{realm}/groups/{id}/role-mappings/clients/{client}`; python-keycloak `delete_group_client_roles`
    pub async fn remove_client(&self, client: &str, roles: &Value) -> Result<(), CallError> {
        self.of_client(client).delete_with(roles).await
    }

    fn of_realm(&self) -> Location {
        self.location.fixed("realm")
    }

    fn of_client(&self, client: &str) -> Location {
        self.location.fixed("clients").child(client)
    }
}

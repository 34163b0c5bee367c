//! Roles (by ID).

use serde_json::Value;

use super::location::Location;
use super::pages::Pages;
use crate::connection::{CallError, Query};

/// Roles of the realm and of its clients alike, by their ids.
#[derive(Clone, Debug)]
pub struct RolesById {
    location: Location,
}

impl RolesById {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// One role.
    ///
    /// `GET /admin/realms/{realm}/roles-by-id/{id}`; python-keycloak `get_role_by_id`, `get_realm_role_by_id`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Changes a role.
    ///
    /// `PUT /admin/realms/{realm}/roles-by-id/{id}`; python-keycloak `update_role_by_id`
    pub async fn update(&self, id: &str, changes: &Value) -> Result<(), CallError> {
        self.location.child(id).put(changes).await.map(drop)
    }

    /// Removes a role.
    ///
    /// `DELETE /admin/realms/{realm}/roles-by-id/{id}`; python-keycloak `delete_role_by_id`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The roles that a role brings along, of the realm and of clients.
    ///
    /// `GET /admin/realms/{realm}/roles-by-id/{id}/composites`; python-keycloak `get_role_composites_by_id`
    pub fn composites(&self, id: &str, query: Query) -> Pages {
        self.location.child(id).fixed("composites").pages(query)
    }

    /// Those of them that are the realm's.
    pub async fn realm_composites(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("composites/realm").get().await
    }

    /// Those of them that are of one client, which is meant by its id.
    ///
    /// `GET /admin/realms/{realm}/roles-by-id/{id}/composites/clients/{client}`; python-keycloak `get_role_client_level_children`
    pub async fn client_composites(&self, id: &str, client: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("composites/clients").child(client).get().await
    }

    /// Lets a role bring along others.
    pub async fn add_composites(&self, id: &str, roles: &Value) -> Result<(), CallError> {
        self.location.child(id).fixed("composites").post(roles).await.map(drop)
    }

    /// Lets a role bring along these no more.
    pub async fn remove_composites(&self, id: &str, roles: &Value) -> Result<(), CallError> {
        self.location.child(id).fixed("composites").delete_with(roles).await
    }
}

//! Roles, of a realm and of a client.

use serde_json::Value;

use super::answer;
use super::location::Location;
use super::pages::Pages;
use crate::connection::{CallError, Query};

/// The roles of a realm ([`super::Realm::roles`]) or of one client ([`super::Realm::client_roles`]). A role is meant by its
/// name; [`super::RolesById`] takes ids.
///
/// Roles that are given to something are lists of representations with at least `id` and `name`, as the server gives them.
#[derive(Clone, Debug)]
pub struct Roles {
    location: Location,
}

impl Roles {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All roles. With `briefRepresentation=false` in the query, with their attributes.
    ///
    /// `GET /admin/realms/{realm}/roles`; python-keycloak `get_realm_roles`
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles`; python-keycloak `get_client_roles`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// One role.
    ///
    /// `GET /admin/realms/{realm}/roles/{role}`; python-keycloak `get_realm_role`
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles/{role}`; python-keycloak `get_client_role`
    pub async fn get(&self, role: &str) -> Result<Value, CallError> {
        self.location.child(role).get().await
    }

    /// The id of a role.
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles/{role}`; python-keycloak `get_client_role_id`
    pub async fn id(&self, role: &str) -> Result<String, CallError> {
        answer::text(&self.get(role).await?, "id").map(str::to_owned)
    }

    /// Makes a role; its name.
    ///
    /// `POST /admin/realms/{realm}/roles`; python-keycloak `create_realm_role`
    ///
    /// `POST /admin/realms/{realm}/clients/{client}/roles`; python-keycloak `create_client_role`
    pub async fn create(&self, role: &Value) -> Result<String, CallError> {
        self.location.create(role).await
    }

    /// Makes a role unless there is one of that name; its name. The one that is there stays as it is.
    pub async fn create_if_absent(&self, role: &Value) -> Result<String, CallError> {
        match self.create(role).await {
            Err(error) if error.is_conflict() => {
                Ok(role.get("name").and_then(Value::as_str).unwrap_or_default().to_owned())
            }
            result => result,
        }
    }

    /// Changes a role.
    ///
    /// `PUT /admin/realms/{realm}/roles/{role}`; python-keycloak `update_realm_role`
    ///
    /// `PUT /admin/realms/{realm}/clients/{client}/roles/{role}`; python-keycloak `update_client_role`
    pub async fn update(&self, role: &str, changes: &Value) -> Result<(), CallError> {
        self.location.child(role).put(changes).await.map(drop)
    }

    /// Removes a role.
    ///
    /// `DELETE /admin/realms/{realm}/roles/{role}`; python-keycloak `delete_realm_role`
    ///
    /// `DELETE /admin/realms/{realm}/clients/{client}/roles/{role}`; python-keycloak `delete_client_role`
    pub async fn delete(&self, role: &str) -> Result<(), CallError> {
        self.location.child(role).delete().await
    }

    /// The users that have a role by themselves.
    ///
    /// `GET /admin/realms/{realm}/roles/{role}/users`; python-keycloak `get_realm_role_members`
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles/{role}/users`; python-keycloak `get_client_role_members`
    pub fn members(&self, role: &str, query: Query) -> Pages {
        self.location.child(role).fixed("users").pages(query)
    }

    /// The groups that have a role by themselves.
    ///
    /// `GET /admin/realms/{realm}/roles/{role}/groups`; python-keycloak `get_realm_role_groups`
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles/{role}/groups`; python-keycloak `get_client_role_groups`
    pub fn groups(&self, role: &str, query: Query) -> Pages {
        self.location.child(role).fixed("groups").pages(query)
    }

    /// The roles that a role brings along, of the realm and of clients.
    ///
    /// `GET /admin/realms/{realm}/roles/{role}/composites`; python-keycloak `get_composite_realm_roles_of_role`
    ///
    /// `GET /admin/realms/{realm}/clients/{client}/roles/{role}/composites`; python-keycloak `get_composite_client_roles_of_role`
    pub async fn composites(&self, role: &str) -> Result<Value, CallError> {
        self.location.child(role).fixed("composites").get().await
    }

    /// Lets a role bring along others, of the realm or of any client.
    ///
    /// `POST /admin/realms/{realm}/roles/{role}/composites`; python-keycloak `add_composite_realm_roles_to_role`
    ///
    /// `POST /admin/realms/{realm}/clients/{client}/roles/{role}/composites`; python-keycloak `add_composite_client_roles_to_role`
    pub async fn add_composites(&self, role: &str, roles: &Value) -> Result<(), CallError> {
        self.location.child(role).fixed("composites").post(roles).await.map(drop)
    }

    /// Lets a role bring along these no more.
    ///
    /// `DELETE /admin/realms/{realm}/roles/{role}/composites`; python-keycloak `remove_composite_realm_roles_to_role`
    ///
    /// `DELETE /admin/realms/{realm}/clients/{client}/roles/{role}/composites`; python-keycloak `remove_composite_client_roles_from_role`
    pub async fn remove_composites(&self, role: &str, roles: &Value) -> Result<(), CallError> {
        self.location.child(role).fixed("composites").delete_with(roles).await
    }
}

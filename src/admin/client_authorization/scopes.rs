//! What can be done with resources.

use serde_json::Value;

use super::found;
use crate::admin::location::Location;
use crate::admin::pages::Pages;
use crate::connection::{CallError, Query};

/// The scopes of a client's resources.
#[derive(Clone, Debug)]
pub struct AuthorizationScopes {
    location: Location,
}

impl AuthorizationScopes {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All scopes, or those that the query picks (`name`, `scopeId`); with `max` -1 in one call.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/scope`; python-keycloak `get_client_authz_scopes`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// A scope by its id.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/{scope}`; python-keycloak: none
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// A scope by its name.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/search?name={name}`; python-keycloak: none
    pub async fn find(&self, name: &str) -> Result<Option<Value>, CallError> {
        self.location.fixed("search").get_with(Query::new().with("name", name)).await.map(found)
    }

    /// Makes a scope; gives it back with its id. One of the same name is given back as if it were new, never a conflict.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/scope`; python-keycloak `create_client_authz_scopes`
    pub async fn create(&self, scope: &Value) -> Result<Value, CallError> {
        self.location.post(scope).await
    }

    /// Puts a scope in the place of the one with this id: it is given whole.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/{scope}`; python-keycloak: none
    pub async fn update(&self, id: &str, scope: &Value) -> Result<(), CallError> {
        self.location.child(id).put(scope).await.map(drop)
    }

    /// Deletes a scope, with the permissions that name no other. The server refuses it with 400 while a resource has it.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/{scope}`; python-keycloak: none
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The permissions that name a scope.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/{scope}/permissions`; python-keycloak: none
    pub async fn permissions(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("permissions").get().await
    }

    /// The resources that have a scope.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/scope/{scope}/resources`; python-keycloak: none
    pub async fn resources(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("resources").get().await
    }
}

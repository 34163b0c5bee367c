//! What a client protects.

use serde_json::Value;

use super::found;
use crate::admin::location::Location;
use crate::admin::pages::Pages;
use crate::connection::{CallError, Query};

/// The protected resources of a client. Their id is the member `_id`.
#[derive(Clone, Debug)]
pub struct AuthorizationResources {
    location: Location,
}

impl AuthorizationResources {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All resources, or those that the query picks (`name`, `uri`, `owner`, `type`, `scope`, `exactName`, `matchingUri`,
    /// `deep`); with `max` -1 in one call.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource`; python-keycloak `get_client_authz_resources`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// A resource by its id.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}`; python-keycloak `get_client_authz_resource`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// A resource of the client itself by its name.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/search?name={name}`; python-keycloak: none
    pub async fn find(&self, name: &str) -> Result<Option<Value>, CallError> {
        self.location.fixed("search").get_with(Query::new().with("name", name)).await.map(found)
    }

    /// Makes a resource; gives it back with its id. A name that its owner has already is a conflict.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/resource`; python-keycloak `create_client_authz_resource`
    pub async fn create(&self, resource: &Value) -> Result<Value, CallError> {
        self.location.post(resource).await
    }

    /// The resource of this name, which is made if it is not there. One that is there is left as it is.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/resource`; python-keycloak: none
    pub async fn create_if_absent(&self, resource: &Value) -> Result<Value, CallError> {
        match (self.create(resource).await, resource.get("name").and_then(Value::as_str)) {
            (Err(error), Some(name)) if error.is_conflict() => self.find(name).await?.ok_or(error),
            (result, _) => result,
        }
    }

    /// Puts a resource in the place of the one with this id: it is given whole, what is left out is gone.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}`; python-keycloak `update_client_authz_resource`
    pub async fn update(&self, id: &str, resource: &Value) -> Result<(), CallError> {
        self.location.child(id).put(resource).await.map(drop)
    }

    /// Deletes a resource, with the permissions that name no other.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}`; python-keycloak `delete_client_authz_resource`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The scopes of a resource.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}/scopes`; python-keycloak: none
    pub async fn scopes(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("scopes").get().await
    }

    /// The permissions on a resource.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}/permissions`; python-keycloak: none
    pub async fn permissions(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("permissions").get().await
    }

    /// The attributes of a resource.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/resource/{resource}/attributes`; python-keycloak: none
    pub async fn attributes(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("attributes").get().await
    }
}

//! Who may have what: policies and permissions, which Keycloak keeps in one drawer with one set of names.

use serde_json::Value;

use super::found;
use crate::admin::location::Location;
use crate::admin::pages::Pages;
use crate::connection::{CallError, Query};

/// The kinds that are permissions.
const PERMISSIONS: [&str; 3] = ["resource", "scope", "uma"];

/// Policies or permissions of a client, of all kinds or of one.
#[derive(Clone, Debug)]
pub struct AuthorizationPolicies {
    location: Location,
    range: Range,
}

/// Which of them.
#[derive(Clone, Debug)]
enum Range {
    Policies,
    Permissions,
    Kind(String),
}

impl AuthorizationPolicies {
    pub(super) fn policies(location: Location) -> Self {
        Self { location, range: Range::Policies }
    }

    pub(super) fn permissions(location: Location) -> Self {
        Self { location, range: Range::Permissions }
    }

    pub(super) fn of(location: Location, kind: &str) -> Self {
        Self { location, range: Range::Kind(kind.to_owned()) }
    }

    /// All of them, or those that the query picks (`name`, `resource`, `scope`, `owner`); with `max` -1 in one call. Links to
    /// resources, scopes and other policies are not in the list.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy`; python-keycloak `get_client_authz_policies`
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/client`; python-keycloak `get_client_authz_client_policies`
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/permission`; python-keycloak `get_client_authz_permissions`
    pub fn list(&self, query: Query) -> Pages {
        match &self.range {
            Range::Policies => self.location.pages(query.replacing("permission", false)),
            Range::Permissions => self.location.pages(query),
            // The server looks for kinds that contain the word: `client-scope` policies are among those of `client`.
            Range::Kind(kind) => self.location.pages(query).only("type", kind),
        }
    }

    /// One by its id; those of all kinds take any id, of a policy or of a permission.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}`; python-keycloak `get_client_authz_policy`
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/permission/scope/{permission}`; python-keycloak `get_client_authz_scope_permission`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// One of this range by its name.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/search?name={name}`; python-keycloak: none
    pub async fn find(&self, name: &str) -> Result<Option<Value>, CallError> {
        let answer = self.location.fixed("search").get_with(Query::new().with("name", name)).await?;
        // The search finds what is of other kinds, too.
        Ok(found(answer).filter(|policy| self.range.has(policy)))
    }

    /// Makes one; gives it back with its id. The name must be that of no policy and no permission yet. Roles are given by id,
    /// or by name as `role` or `client/role`.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/policy`; python-keycloak `create_client_authz_policy`
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/role`; python-keycloak `create_client_authz_role_based_policy`
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/client`; python-keycloak `create_client_authz_client_policy`
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/permission/resource`; python-keycloak `create_client_authz_resource_based_permission`
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/permission/scope`; python-keycloak `create_client_authz_scope_permission`
    pub async fn create(&self, policy: &Value) -> Result<Value, CallError> {
        self.location.post(policy).await
    }

    /// The one of this name, which is made if it is not there. One of this range that is there is left as it is; one of
    /// another is still a conflict.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/policy`; python-keycloak: none
    pub async fn create_if_absent(&self, policy: &Value) -> Result<Value, CallError> {
        match (self.create(policy).await, policy.get("name").and_then(Value::as_str)) {
            (Err(error), Some(name)) if error.is_conflict() => self.find(name).await?.ok_or(error),
            (result, _) => result,
        }
    }

    /// Puts a policy or permission in the place of the one with this id: it is given whole, with its links; those that are
    /// left out may be gone.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/authz/resource-server/permission/scope/{permission}`; python-keycloak `update_client_authz_scope_permission`
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/authz/resource-server/permission/resource/{permission}`; python-keycloak `update_client_authz_resource_permission`
    pub async fn update(&self, id: &str, policy: &Value) -> Result<(), CallError> {
        self.location.child(id).put(policy).await.map(drop)
    }

    /// Deletes one. Permissions that it was a policy of lose it.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}`; python-keycloak `delete_client_authz_policy`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The scopes that one names.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}/scopes`; python-keycloak `get_client_authz_policy_scopes`
    pub async fn scopes(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("scopes").get().await
    }

    /// The resources that one names.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}/resources`; python-keycloak `get_client_authz_policy_resources`
    pub async fn resources(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("resources").get().await
    }

    /// The policies that a permission, or a policy of policies, asks.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}/associatedPolicies`; python-keycloak `get_client_authz_permission_associated_policies`
    pub async fn associated(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("associatedPolicies").get().await
    }

    /// The permissions, and policies of policies, that ask this one.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/{policy}/dependentPolicies`; python-keycloak: none
    pub async fn dependent(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("dependentPolicies").get().await
    }
}

impl Range {
    fn has(&self, policy: &Value) -> bool {
        let kind = policy.get("type").and_then(Value::as_str).unwrap_or_default();
        match self {
            Self::Policies => !PERMISSIONS.contains(&kind),
            Self::Permissions => PERMISSIONS.contains(&kind),
            Self::Kind(own) => own == kind,
        }
    }
}

//! The roles that every user of a realm has.

use serde_json::Value;

use super::answer;
use super::location::Location;
use super::roles_by_id::RolesById;
use crate::connection::CallError;

/// The roles that every user of a realm has: what one role of the realm brings along.
#[derive(Clone, Debug)]
pub struct DefaultRoles {
    realm: Location,
}

impl DefaultRoles {
    pub(super) fn new(realm: Location) -> Self {
        Self { realm }
    }

    /// The id of the role that brings them along. The realm says which it is: a realm that got another name kept it.
    ///
    /// `GET /admin/realms/{realm}`; python-keycloak `get_default_realm_role_id`
    pub async fn id(&self) -> Result<String, CallError> {
        let realm = self.realm.get().await?;
        answer::text(realm.get("defaultRole").unwrap_or(&Value::Null), "id").map(str::to_owned)
    }

    /// Those of the default roles that are the realm's. Several calls: the id first.
    ///
    /// `GET /admin/realms/{realm}/roles-by-id/{id}/composites/realm`; python-keycloak `get_realm_default_roles`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.roles().realm_composites(&self.id().await?).await
    }

    /// Makes roles default ones, of the realm or of clients. Several calls: the id first.
    ///
    /// `POST /admin/realms/{realm}/roles-by-id/{id}/composites`; python-keycloak `add_realm_default_roles`
    pub async fn add(&self, roles: &Value) -> Result<(), CallError> {
        self.roles().add_composites(&self.id().await?, roles).await
    }

    /// Makes roles default ones no more. Several calls: the id first.
    ///
    /// `DELETE /admin/realms/{realm}/roles-by-id/{id}/composites`; python-keycloak `remove_realm_default_roles`
    pub async fn remove(&self, roles: &Value) -> Result<(), CallError> {
        self.roles().remove_composites(&self.id().await?, roles).await
    }

    fn roles(&self) -> RolesById {
        RolesById::new(self.realm.fixed("roles-by-id"))
    }
}

//! Realms Admin.

use serde_json::Value;

use super::location::Location;
use super::realm::Realm;
use crate::connection::{Body, CallError, Query};

/// The realms of a server.
#[derive(Clone, Debug)]
pub struct Realms {
    location: Location,
}

impl Realms {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The realms that this administrator may see. Since Keycloak 26.0 identity providers are not among their members.
    ///
    /// `GET /admin/realms`; python-keycloak `get_realms`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// Makes a realm, with the clients, roles, groups and users that are in its representation; gives back its name.
    ///
    /// `POST /admin/realms`; python-keycloak `create_realm`, `import_realm`
    pub async fn create(&self, realm: &Value) -> Result<String, CallError> {
        self.location.create(realm).await
    }

    /// Makes a realm unless one of this name is there, which then stays as it is; gives back its name.
    ///
    /// `POST /admin/realms`; python-keycloak `create_realm`
    pub async fn create_if_absent(&self, realm: &Value) -> Result<String, CallError> {
        match (self.create(realm).await, realm.get("realm")) {
            (Err(error), Some(Value::String(name))) if error.is_conflict() => Ok(name.clone()),
            (result, _) => result,
        }
    }
}

impl Realm {
    /// Its representation.
    ///
    /// `GET /admin/realms/{realm}`; python-keycloak `get_realm`
    pub async fn get(&self) -> Result<Value, CallError> {
        self.location().get().await
    }

    /// Changes the members that are given. With another `realm` it is renamed, and found under the new name from then on.
    /// Users, clients, roles and groups in the representation are not looked at: see [`Realm::partial_import`].
    ///
    /// `PUT /admin/realms/{realm}`; python-keycloak `update_realm`
    pub async fn update(&self, members: &Value) -> Result<(), CallError> {
        self.location().put(members).await.map(drop)
    }

    /// Removes the realm with all that is in it.
    ///
    /// `DELETE /admin/realms/{realm}`; python-keycloak `delete_realm`
    pub async fn delete(&self) -> Result<(), CallError> {
        self.location().delete().await
    }

    /// The realm as it could be imported again, with its clients and with its groups and roles if wanted. Never with users
    /// but those of service accounts; secrets are masked.
    ///
    /// `POST /admin/realms/{realm}/partial-export`; python-keycloak `export_realm`
    pub async fn export(&self, clients: bool, groups_and_roles: bool) -> Result<Value, CallError> {
        let query =
            Query::new().with("exportClients", clients).with("exportGroupsAndRoles", groups_and_roles);
        self.location().fixed("partial-export").post_query(query).await
    }

    /// Adds users, clients, groups, roles and identity providers. What to do with those that are there is in the member
    /// `ifResourceExists`: `FAIL`, `SKIP` or `OVERWRITE`. Gives back what was done with each.
    ///
    /// `POST /admin/realms/{realm}/partialImport`; python-keycloak `partial_import_realm`
    pub async fn partial_import(&self, members: &Value) -> Result<Value, CallError> {
        self.location().fixed("partialImport").post(members).await
    }

    /// Forgets the public keys of clients and identity providers, which are then fetched anew.
    ///
    /// `POST /admin/realms/{realm}/clear-keys-cache`; python-keycloak `clear_keys_cache`
    pub async fn clear_keys_cache(&self) -> Result<(), CallError> {
        self.clear("clear-keys-cache").await
    }

    /// Forgets what was read of realms and clients from the database.
    ///
    /// `POST /admin/realms/{realm}/clear-realm-cache`; python-keycloak `clear_realm_cache`
    pub async fn clear_realm_cache(&self) -> Result<(), CallError> {
        self.clear("clear-realm-cache").await
    }

    /// Forgets what was read of users from the database and from directories.
    ///
    /// `POST /admin/realms/{realm}/clear-user-cache`; python-keycloak `clear_user_cache`
    pub async fn clear_user_cache(&self) -> Result<(), CallError> {
        self.clear("clear-user-cache").await
    }

    /// Tells the clients that have an admin URL of the realm's `notBefore`; gives back who was reached and who was not.
    ///
    /// `POST /admin/realms/{realm}/push-revocation`; python-keycloak: none
    pub async fn push_revocation(&self) -> Result<Value, CallError> {
        Ok(self.location().fixed("push-revocation").post_as(Body::Empty).await?.value())
    }

    /// Ends all sessions of the realm, and tells the clients that have an admin URL; gives back who was reached and who
    /// was not.
    ///
    /// `POST /admin/realms/{realm}/logout-all`; python-keycloak: none
    pub async fn logout_all(&self) -> Result<Value, CallError> {
        Ok(self.location().fixed("logout-all").post_as(Body::Empty).await?.value())
    }

    /// Ends one session, or an offline one.
    ///
    /// `DELETE /admin/realms/{realm}/sessions/{session}`; python-keycloak: none
    pub async fn end_session(&self, session: &str, offline: bool) -> Result<(), CallError> {
        let query = Query::new().with("isOffline", offline);
        self.location().fixed("sessions").child(session).delete_query(query).await
    }

    async fn clear(&self, cache: &str) -> Result<(), CallError> {
        self.location().fixed(cache).post_as(Body::Empty).await.map(drop)
    }
}

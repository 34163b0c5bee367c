//! Directories that users come from (LDAP and the like).

use serde_json::Value;

use super::location::Location;
use crate::connection::{Body, CallError, Query};

/// The user-storage components of a realm, by component id; they are made and changed as
/// [`Components`](super::Components).
#[derive(Clone, Debug)]
pub struct UserStorage {
    location: Location,
}

impl UserStorage {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// Reads the users of a directory anew; the action is `triggerFullSync` or `triggerChangedUsersSync`. Gives back how
    /// many were added, changed, removed and failed. A directory that cannot be reached is zero of each, not an error.
    ///
    /// `POST /admin/realms/{realm}/user-storage/{id}/sync`; python-keycloak `sync_users`
    pub async fn sync(&self, id: &str, action: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("sync").post_query(Query::new().with("action", action)).await
    }

    /// Removes the users that came from a directory; they come again with their next login or a sync.
    ///
    /// `POST /admin/realms/{realm}/user-storage/{id}/remove-imported-users`; python-keycloak: none
    pub async fn remove_imported(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("remove-imported-users").post_as(Body::Empty).await.map(drop)
    }

    /// Makes the users that came from a directory the realm's own.
    ///
    /// `POST /admin/realms/{realm}/user-storage/{id}/unlink-users`; python-keycloak: none
    pub async fn unlink(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("unlink-users").post_as(Body::Empty).await.map(drop)
    }
}

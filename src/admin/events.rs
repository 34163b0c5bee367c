//! Realms Admin: events.

use serde_json::Value;

use super::location::Location;
use super::pages::Pages;
use crate::connection::{CallError, Query};

/// What happened in a realm, as far as the realm keeps it.
#[derive(Clone, Debug)]
pub struct Events {
    location: Location,
}

impl Events {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// Events of users, the latest first, by `type`, `client`, `user`, `dateFrom`, `dateTo`, `ipAddress`.
    ///
    /// `GET /admin/realms/{realm}/events`; python-keycloak `get_events`
    pub fn list(&self, query: Query) -> Pages {
        self.location.fixed("events").pages(query)
    }

    /// Forgets all events of users.
    ///
    /// `DELETE /admin/realms/{realm}/events`; python-keycloak: none
    pub async fn clear(&self) -> Result<(), CallError> {
        self.location.fixed("events").delete().await
    }

    /// Events of administrators, the latest first, by `operationTypes`, `resourceTypes`, `authRealm`, `authClient`,
    /// `authUser`, `resourcePath`, `dateFrom`, `dateTo`.
    ///
    /// `GET /admin/realms/{realm}/admin-events`; python-keycloak `get_admin_events`
    pub fn of_administrators(&self, query: Query) -> Pages {
        self.location.fixed("admin-events").pages(query)
    }

    /// Forgets all events of administrators.
    ///
    /// `DELETE /admin/realms/{realm}/admin-events`; python-keycloak: none
    pub async fn clear_of_administrators(&self) -> Result<(), CallError> {
        self.location.fixed("admin-events").delete().await
    }

    /// What is kept, for how long, and who is told.
    ///
    /// `GET /admin/realms/{realm}/events/config`; python-keycloak: none
    pub async fn config(&self) -> Result<Value, CallError> {
        self.location.fixed("events/config").get().await
    }

    /// Replaces what is kept; `eventsEnabled` left out is off.
    ///
    /// `PUT /admin/realms/{realm}/events/config`; python-keycloak `set_events`
    pub async fn set_config(&self, config: &Value) -> Result<(), CallError> {
        self.location.fixed("events/config").put(config).await.map(drop)
    }
}

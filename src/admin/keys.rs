//! Key.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// The keys of a realm.
#[derive(Clone, Debug)]
pub struct Keys {
    location: Location,
}

impl Keys {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All keys, and which one is active for each algorithm.
    ///
    /// `GET /admin/realms/{realm}/keys`; python-keycloak `get_keys`
    pub async fn get(&self) -> Result<Value, CallError> {
        self.location.get().await
    }
}

//! What the server says of itself.

use serde_json::Value;

use super::client::AdminClient;
use crate::connection::CallError;

impl AdminClient {
    /// The server's providers, features and themes, and its version in `systemInfo`. Since Keycloak 26.4 that member is
    /// there only for administrators of the realm `master` and for service accounts that may see it.
    ///
    /// `GET /admin/serverinfo`; python-keycloak `get_server_info`
    pub async fn server_info(&self) -> Result<Value, CallError> {
        self.root().fixed("serverinfo").get().await
    }
}

//! What administrators did of late, from Keycloak's Admin API with the gateway's own token.

use secrecy::SecretString;
use serde::Deserialize;

use super::{OidcClient, OidcError};

const OPERATION: &str = "events";

/// So many are read, the latest first.
const MOST_EVENTS: usize = 100;

/// What authorization settings are about or name. One that Keycloak does not have would be an error (500).
const RESOURCE_TYPES: [&str; 9] = [
    "AUTHORIZATION_POLICY",
    "AUTHORIZATION_RESOURCE",
    "AUTHORIZATION_RESOURCE_SERVER",
    "AUTHORIZATION_SCOPE",
    "CLIENT",
    "CLIENT_ROLE",
    "CLIENT_SCOPE",
    "GROUP",
    "REALM_ROLE",
];

/// The realm's admin events of late, as far as authorization settings may depend on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminEvents {
    /// Whether the realm keeps them at all (*Save events*).
    pub are_kept: bool,
    /// The latest first.
    pub events: Vec<AdminEvent>,
}

/// An admin event. Two are the same if everything here is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AdminEvent {
    /// Older versions do not tell it.
    pub id: Option<String>,
    /// Milliseconds since 1970.
    pub time: i64,
    /// `CREATE`, `UPDATE`, `DELETE`, `ACTION`.
    pub operation_type: String,
    /// `AUTHORIZATION_POLICY`, ...
    pub resource_type: String,
    /// `clients/ID/authz/resource-server/policy/role/ID`, ...
    pub resource_path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventsConfig {
    #[serde(default)]
    admin_events_enabled: bool,
}

impl AdminEvents {
    /// Whether there may be older ones that were not read.
    pub fn is_cut_off(&self) -> bool {
        self.events.len() >= MOST_EVENTS
    }
}

impl OidcClient {
    /// The latest admin events of the realm. The gateway's service account needs `view-events` of the client
    /// `realm-management`.
    pub async fn admin_events(&self) -> Result<AdminEvents, OidcError> {
        let token = self.own_token().await?;
        let read = self.read_events(&token).await;
        self.forget_own_if_refused(&token, &read);
        read
    }

    async fn read_events(&self, token: &SecretString) -> Result<AdminEvents, OidcError> {
        let unusable = |reason| OidcError::Unusable { operation: OPERATION, reason };
        let url = self.realm.admin(&["events", "config"]).map_err(unusable)?;
        let config: EventsConfig = self.look(OPERATION, token, &url, |answer| answer.object(200)).await?;
        if !config.admin_events_enabled {
            return Ok(AdminEvents { are_kept: false, events: Vec::new() });
        }
        let mut url = self.realm.admin(&["admin-events"]).map_err(unusable)?;
        url.query_pairs_mut()
            .append_pair("max", &MOST_EVENTS.to_string())
            .extend_pairs(RESOURCE_TYPES.map(|name| ("resourceTypes", name)));
        let events = self.look(OPERATION, token, &url, |answer| answer.objects(200)).await?;
        Ok(AdminEvents { are_kept: true, events })
    }
}

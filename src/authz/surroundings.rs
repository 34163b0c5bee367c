//! What decides beside the exported settings, and is not in them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;

/// What Keycloak knows beside the exported settings. What is absent makes the questions that depend on it Keycloak's.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The client whose settings these are.
    pub resource_server: Option<ResourceServer>,
    /// Ids of resources: to find them by id, and to say in answers.
    pub resource_ids: Vec<ResourceId>,
    /// Ids of users by name: who a token without `preferred_username` is about.
    pub user_ids: BTreeMap<String, String>,
    /// Clients by client id.
    pub clients: BTreeMap<String, ClientFacts>,
    /// The default time zone of Keycloak's Java; needed if there are policies about time.
    pub time_zone: Option<TimeZone>,
    /// What the operator vouches for.
    pub promises: Promises,
    /// Keycloak's version, where the rules differ.
    pub version: KeycloakVersion,
}

/// The client whose settings are loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResourceServer {
    /// The client id: the `audience` of requests.
    pub client_id: String,
    /// The internal id.
    pub id: String,
}

/// The id of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResourceId {
    /// The id.
    #[serde(rename = "_id")]
    pub id: String,
    /// The resource's name.
    pub name: String,
    /// The owner's name: that of a user, or the client id.
    pub owner: String,
}

/// What is known of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ClientFacts {
    /// Whether it has no secret; such clients may not push claims.
    pub public: Option<bool>,
}

/// What the operator vouches for, since neither export nor token can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Promises {
    /// Every client's tokens carry the claim that group policies name, and lack it only for users without groups.
    pub groups_claim_complete: bool,
}

/// Keycloak's version, as far as the rules differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeycloakVersion {
    /// 26.7 or newer; the rules are those of 26.7.3.
    #[default]
    Current,
    /// 26.4.
    V26_4,
    /// Another one: where the two differ, Keycloak has to be asked.
    Other,
}

impl KeycloakVersion {
    /// From a text such as `26.7.3`.
    pub fn parse(text: &str) -> Self {
        let mut numbers = text.split('.').map(|number| number.parse::<u32>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(26), Some(4)) => Self::V26_4,
            (Some(26), Some(7..)) | (Some(27..), _) => Self::Current,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests;

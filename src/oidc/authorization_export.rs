//! The authorization settings of a client, exported from Keycloak's Admin API with the gateway's own token.

use bytes::Bytes;
use secrecy::SecretString;
use serde::Deserialize;

use super::{OidcClient, OidcError};

const OPERATION: &str = "settings";

/// An export, and what belongs to it.
#[derive(Clone, Debug)]
pub struct AuthorizationExport {
    /// The settings as Keycloak writes them, JSON.
    pub settings: Bytes,
    /// The client's internal id.
    pub client: String,
    /// The resources with their ids, in the order of the ids.
    pub resources: Vec<ExportedResource>,
}

/// A resource's id, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct ExportedResource {
    /// The id.
    #[serde(rename = "_id")]
    pub id: String,
    /// The name.
    pub name: String,
    /// The owner: a user, or the client itself.
    pub owner: ExportedOwner,
}

/// The owner of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct ExportedOwner {
    /// The user's name, or the client id.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedClient {
    id: String,
    client_id: String,
}

impl OidcClient {
    /// The authorization settings of a client of the realm, with the ids of its resources.
    ///
    /// The gateway's service account needs `view-clients` and `manage-authorization` of the client `realm-management`.
    pub async fn export_authorization(&self, client_id: &str) -> Result<AuthorizationExport, OidcError> {
        let token = self.own_token().await?;
        let export = self.export(&token, client_id).await;
        self.forget_own_if_refused(&token, &export);
        export
    }

    async fn export(&self, token: &SecretString, client_id: &str) -> Result<AuthorizationExport, OidcError> {
        let mut url = self.realm.admin(&["clients"]).map_err(unusable)?;
        url.query_pairs_mut().append_pair("clientId", client_id);
        let found: Vec<ListedClient> =
            self.look(OPERATION, token, &url, |answer| answer.objects(200)).await?;
        let client = found.into_iter().find(|client| client.client_id == client_id).ok_or_else(|| {
            unusable(format!(
                "there is no client `{client_id}`, or the gateway's service account may not see it"
            ))
        })?;
        let server = ["clients", &client.id, "authz", "resource-server"];
        let url = self.realm.admin(&[&server[..], &["settings"]].concat()).map_err(unusable)?;
        let settings = self.look(OPERATION, token, &url, |answer| answer.body(200)).await?;
        let mut url = self.realm.admin(&[&server[..], &["resource"]].concat()).map_err(unusable)?;
        url.query_pairs_mut().append_pair("deep", "false").append_pair("max", "-1");
        let mut resources: Vec<ExportedResource> =
            self.look(OPERATION, token, &url, |answer| answer.objects(200)).await?;
        resources.sort();
        Ok(AuthorizationExport { settings, client: client.id, resources })
    }
}

fn unusable(reason: String) -> OidcError {
    OidcError::Unusable { operation: OPERATION, reason }
}

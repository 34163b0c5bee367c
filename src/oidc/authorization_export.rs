//! The authorization settings of a client, exported from Keycloak's Admin API with the gateway's own token.

use std::collections::BTreeMap;

use bytes::Bytes;
use secrecy::SecretString;
use serde::Deserialize;

use super::{OidcClient, OidcError};

const OPERATION: &str = "settings";

/// The most clients that are looked at.
const MOST_CLIENTS: &str = "10000";

/// An export, and what belongs to it.
#[derive(Clone, Debug)]
pub struct AuthorizationExport {
    /// The settings as Keycloak writes them, JSON.
    pub settings: Bytes,
    /// The client's internal id.
    pub client: String,
    /// The resources with their ids, in the order of the ids.
    pub resources: Vec<ExportedResource>,
    /// The realm's clients by client id, whether they are public; empty if they were not asked for.
    pub public_clients: BTreeMap<String, bool>,
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
    public_client: Option<bool>,
}

impl OidcClient {
    /// The authorization settings of a client of the realm, with the ids of its resources; `with_clients`: and whether each
    /// of the realm's clients is public.
    ///
    /// The gateway's service account needs `view-clients` and `manage-authorization` of the client `realm-management`.
    pub async fn export_authorization(
        &self,
        client_id: &str,
        with_clients: bool,
    ) -> Result<AuthorizationExport, OidcError> {
        let token = self.own_token().await?;
        let export = self.export(&token, client_id, with_clients).await;
        self.forget_own_if_refused(&token, &export);
        export
    }

    async fn export(
        &self,
        token: &SecretString,
        client_id: &str,
        with_clients: bool,
    ) -> Result<AuthorizationExport, OidcError> {
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
        let mut public_clients = BTreeMap::new();
        if with_clients {
            let mut url = self.realm.admin(&["clients"]).map_err(unusable)?;
            url.query_pairs_mut().append_pair("max", MOST_CLIENTS);
            let listed: Vec<ListedClient> =
                self.look(OPERATION, token, &url, |answer| answer.objects(200)).await?;
            // Keycloak leaves out what the service account may not see, and then it is not known.
            public_clients.extend(
                listed.into_iter().filter_map(|client| Some((client.client_id, client.public_client?))),
            );
        }
        Ok(AuthorizationExport { settings, client: client.id, resources, public_clients })
    }
}

fn unusable(reason: String) -> OidcError {
    OidcError::Unusable { operation: OPERATION, reason }
}

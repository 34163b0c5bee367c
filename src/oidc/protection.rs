//! Keycloak's protection API (UMA 2.0 Federated Authorization): permission tickets.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::client_auth::bearer;
use super::http::{ANSWER_BYTES, Call, Payload};
use super::{OidcClient, OidcError};

const OPERATION: &str = "ticket";

/// A request for a permission ticket (UMA 2.0 Federated Authorization section 4).
#[derive(Clone, Debug)]
pub struct TicketRequest<'a> {
    /// Resource name or id, and scopes.
    pub resources: &'a [(String, Vec<String>)],
    /// Facts of the request for the policies (claim information points): they come with whatever is asked for with the
    /// ticket.
    pub claims: &'a BTreeMap<String, Vec<String>>,
}

/// As Keycloak reads it.
#[derive(Serialize)]
struct Wanted<'a> {
    #[serde(rename = "resource_id")]
    resource: &'a str,
    #[serde(rename = "resource_scopes", skip_serializing_if = "<[String]>::is_empty")]
    scopes: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    claims: &'a BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct TicketAnswer {
    ticket: String,
}

impl OidcClient {
    /// A permission ticket; the gateway's own token (client credentials) is fetched and kept as needed.
    ///
    /// The resources are those of the gateway's own client: Keycloak takes the resource server from the token.
    pub async fn ticket(&self, request: TicketRequest<'_>) -> Result<String, OidcError> {
        let token = self.own_token().await?;
        match self.register(&token, &request).await {
            // Revoked, or the realm's keys are new: once more with a new token.
            Err(error) if token_is_refused(&error) => {
                self.own.forget(&token);
                let token = self.own_token().await?;
                self.register(&token, &request).await
            }
            result => result,
        }
    }

    async fn register(&self, token: &SecretString, request: &TicketRequest<'_>) -> Result<String, OidcError> {
        let authorization = Some(bearer(OPERATION, token.expose_secret())?);
        let resources: Vec<_> = request
            .resources
            .iter()
            .map(|(resource, scopes)| Wanted { resource, scopes, claims: request.claims })
            .collect();
        let body = serde_json::to_value(resources).unwrap_or_default();
        let url = self.uma_endpoints().await?.permission(&self.realm)?;
        let call = Call {
            operation: OPERATION,
            url: &url,
            authorization,
            payload: Payload::Json(&body),
            max_bytes: ANSWER_BYTES,
        };
        self.http
            .call(call, |answer| {
                let TicketAnswer { ticket } = answer.object(201)?;
                // It goes into a header field between quotes.
                if ticket.is_empty()
                    || !ticket.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
                {
                    return Err(OidcError::Unusable {
                        operation: OPERATION,
                        reason: "the ticket has characters that no ticket has".to_owned(),
                    });
                }
                Ok(ticket)
            })
            .await
    }
}

fn token_is_refused(error: &OidcError) -> bool {
    matches!(error, OidcError::Refused { status: 401, .. })
        || matches!(error, OidcError::Refused { status: 403, error, .. } if error == "invalid_bearer_token")
}

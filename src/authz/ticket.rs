//! Permission tickets, for the UMA challenge.

use std::sync::Arc;

use super::{Authorizer, PushedClaims};
use crate::oidc::{OidcError, TicketRequest};

const OPERATION: &str = "ticket";

impl Authorizer {
    /// The ticket for a UMA challenge: the permissions of a refusal and the claims of its request, registered with
    /// Keycloak.
    ///
    /// Keycloak gives tickets for the resources of the client that asks, so none can be had for another
    /// `resource_server`. May be awaited on any runtime; the call runs on the control runtime.
    pub async fn ticket(
        &self,
        permissions: Vec<(String, Vec<String>)>,
        pushed: PushedClaims,
    ) -> Result<String, OidcError> {
        let oidc = Arc::clone(self.remote().oidc());
        if &**self.remote().resource_server() != oidc.client_id() {
            return Err(OidcError::Unusable {
                operation: OPERATION,
                reason:
                    "tickets are for the resources of `client_id`, and `resource_server` is another client"
                        .to_owned(),
            });
        }
        let call = async move {
            let request = TicketRequest { resources: &permissions, claims: pushed.as_map() };
            oidc.ticket(request).await
        };
        self.remote().control().spawn(call).await.unwrap_or_else(|_| Err(OidcError::cut_off(OPERATION)))
    }
}

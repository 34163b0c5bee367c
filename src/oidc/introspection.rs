//! Asking the realm about a token (RFC 7662).

use bytes::Bytes;
use serde::Deserialize;

use super::http::Call;
use super::{OidcClient, OidcError};

const OPERATION: &str = "introspection";

/// An introspection answer (RFC 7662).
#[derive(Clone, Debug)]
pub struct Introspected {
    /// `active`, and only the JSON value `true` counts.
    pub active: bool,
    /// The whole answer, JSON.
    pub body: Bytes,
}

/// `active` is a boolean and there once; anything else is no answer.
#[derive(Deserialize)]
struct Activity {
    active: bool,
}

impl OidcClient {
    /// RFC 7662.
    ///
    /// An answer that is not a JSON object with a boolean `active`, in a 200, is an error: it says neither yes nor no.
    pub async fn introspect(&self, token: &str) -> Result<Introspected, OidcError> {
        let mut form = vec![("token", token), ("token_type_hint", "access_token")];
        let authorization = self.auth.prove(OPERATION, &mut form)?;
        let url = self.endpoints().await?.introspection(&self.realm)?;
        let call = Call::form(OPERATION, &url, authorization, &form);
        self.http
            .call(call, |answer| {
                let body = answer.body.clone();
                let Activity { active } = answer.object(200)?;
                Ok(Introspected { active, body })
            })
            .await
            .map_err(OidcError::or_wrong_secret)
    }
}

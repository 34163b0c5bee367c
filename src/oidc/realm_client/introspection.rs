//! Introspection (RFC 7662).

use serde_json::Value;

use super::RealmClient;
use crate::connection::{CallError, ErrorClass, Method};

impl RealmClient {
    /// What the realm knows of a token: an object with `active`. Since Keycloak 26.6.2 a good token is not active for a
    /// client that is not in its `aud`. ID tokens are active too: who takes access tokens looks at `typ`.
    ///
    /// `hint` is the `token_type_hint`; Keycloak needs `refresh_token` for a refresh token.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token/introspect`; python-keycloak `KeycloakOpenID.introspect`
    pub async fn introspect(&self, token: &str, hint: Option<&str>) -> Result<Value, CallError> {
        let mut form = vec![("token".to_owned(), token.to_owned())];
        form.extend(hint.map(|hint| ("token_type_hint".to_owned(), hint.to_owned())));
        let response = self.post("/protocol/openid-connect/token/introspect", form).await?;
        Ok(response.expect(Method::Post, &[200])?.value())
    }

    /// The same of an RPT, with its `permissions`. Without one the error is of [`ErrorClass::RptNotFound`], and nothing
    /// is asked.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token/introspect`; python-keycloak `KeycloakOpenID.introspect`
    pub async fn introspect_rpt(&self, rpt: Option<&str>) -> Result<Value, CallError> {
        match rpt {
            Some(rpt) if !rpt.is_empty() => self.introspect(rpt, Some("requesting_party_token")).await,
            _ => Err(CallError::local(ErrorClass::RptNotFound, "an RPT is needed, and none is given")),
        }
    }
}

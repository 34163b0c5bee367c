//! What may the bearer of a token do?

use serde_json::Value;

use super::{AuthStatus, Authorization, Permission, PermissionSet, Policy};
use crate::connection::{Body, CallError, ErrorClass, Method, Request};
use crate::oidc::{GrantedPermission, RealmClient};

impl RealmClient {
    /// The UMA-ticket grant: what Keycloak grants of this, as a list of `rsid`, `rsname`, `scopes`. With nothing asked it
    /// is everything that is granted. Some of it is enough for an answer; an error with the status 403 means none.
    ///
    /// Fields of `more` are added to the form, in place of those of the same name.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakOpenID.uma_permissions`
    pub async fn permissions(
        &self,
        token: &str,
        wanted: &PermissionSet,
        more: &[(String, String)],
    ) -> Result<Value, CallError> {
        let mut form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"),
            ("response_mode", "permissions"),
            ("audience", self.client_id()),
        ];
        form.extend(wanted.iter().map(|permission| ("permission", permission)));
        form.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let form = form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = Body::Form(form.chain(more.iter().cloned()).collect());
        let request = Request::new(Method::Post, self.path("/protocol/openid-connect/token")).body(body);
        Ok(self.send(request, Some(token)).await?.expect(Method::Post, &[200])?.value())
    }

    /// Whether the bearer of the token may do all of this: every permission is looked for in what Keycloak grants, by the
    /// resource's name or id. A token that is not taken is no error, but `is_logged_in: false`.
    ///
    /// With nothing asked it is whether anything at all is granted. A resource alone is granted when anything of it is; a
    /// scope alone (`#SCOPE`) never is, since nobody says of which resources. A name that Keycloak does not know is missing
    /// or an error with the status 400, as it happens to look at it after or before others.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakOpenID.has_uma_access`
    pub async fn access(&self, token: &str, wanted: &PermissionSet) -> Result<AuthStatus, CallError> {
        let refused =
            |is_logged_in| AuthStatus { is_logged_in, is_authorized: false, missing: wanted.clone() };
        match self.permissions(token, wanted, &[]).await {
            Ok(answer) => {
                let granted: Vec<GrantedPermission> = serde_json::from_value(answer).map_err(|_| {
                    CallError::local(ErrorClass::Post, "the answer is not a list of permissions")
                })?;
                let missing = wanted.missing(&granted);
                let is_authorized = missing.is_empty();
                Ok(AuthStatus { is_logged_in: true, is_authorized, missing })
            }
            Err(error) if error.class() == ErrorClass::Authentication => Ok(refused(false)),
            Err(error) if error.status() == Some(403) => Ok(refused(true)),
            Err(error) => Err(error),
        }
    }

    /// The policies of [`Authorization::policies_of`], of the claims that introspection gives. A token that is not active
    /// is an error of [`ErrorClass::InvalidToken`].
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token/introspect`; python-keycloak `KeycloakOpenID.get_policies`
    pub async fn policies(
        &self,
        token: &str,
        authorization: &Authorization,
    ) -> Result<Option<Vec<Policy>>, CallError> {
        let claims = self.active(token, authorization).await?;
        let policies = authorization.policies_of(self.client_id(), &claims)?;
        Ok(policies.map(|policies| policies.into_iter().cloned().collect()))
    }

    /// The same for [`Authorization::permissions_of`].
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token/introspect`; python-keycloak `KeycloakOpenID.get_permissions`
    pub async fn policy_permissions(
        &self,
        token: &str,
        authorization: &Authorization,
    ) -> Result<Option<Vec<Permission>>, CallError> {
        let claims = self.active(token, authorization).await?;
        let permissions = authorization.permissions_of(self.client_id(), &claims)?;
        Ok(permissions.map(|permissions| permissions.into_iter().cloned().collect()))
    }

    async fn active(&self, token: &str, authorization: &Authorization) -> Result<Value, CallError> {
        // Said before anything is asked.
        authorization.policies_of(self.client_id(), &Value::Null)?;
        let claims = self.introspect(token, None).await?;
        if claims.get("active") == Some(&Value::Bool(true)) {
            return Ok(claims);
        }
        Err(CallError::local(ErrorClass::InvalidToken, "the token is not active").hint(
            "Keycloak 26.6.2 and later say so of a good token too, unless the asking client is in its `aud`",
        ))
    }
}

//! The UMA-ticket grant of Keycloak: may the bearer of this token do these things?

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answer::Answer;
use super::client_auth::bearer;
use super::http::Call;
use super::{GrantedPermission, OidcClient, OidcError};

const OPERATION: &str = "uma";

/// Keycloak drops the values of a parameter that are together longer than this, and then answers for everything.
const READ_UNITS: usize = 4000;

/// The same for `claim_token` and `subject_token`, where it refuses what is longer.
const TOKEN_UNITS: usize = 20_000;

/// One UMA-ticket request about the caller's token, `response_mode=permissions`.
#[derive(Clone)]
pub struct PermissionRequest<'a> {
    /// The caller's token.
    pub token: &'a str,
    /// The client whose resources are asked for.
    pub audience: &'a str,
    /// `RESOURCE#SCOPE,SCOPE` each.
    pub permissions: &'a [String],
    /// Facts of the request for the policies (claim information points). Keycloak takes them from confidential clients only:
    /// the gateway's, if it can prove itself, else that which the token was issued to.
    pub claims: Option<&'a BTreeMap<String, Vec<String>>>,
}

impl std::fmt::Debug for PermissionRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PermissionRequest")
            .field("audience", &self.audience)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

/// Keycloak's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionAnswer {
    /// What was granted of what was asked; may be less.
    Granted(Vec<GrantedPermission>),
    /// `access_denied`: nothing of it. The text is for the log.
    Denied(String),
    /// `invalid_resource`, `invalid_scope`: Keycloak does not know what is asked for. Of several permissions it does not
    /// say which, and does not look at the others. Or claims were pushed for a public client. The text is for the log.
    Unknown(String),
    /// Keycloak does not take the token (`invalid_grant`): expired, revoked, session gone.
    TokenRefused(String),
}

impl OidcClient {
    /// The UMA-ticket grant. Asking for nothing grants nothing (Keycloak would take it as asking for everything).
    ///
    /// What was granted has to be compared with what was asked: Keycloak answers 200 if it grants any of it.
    pub async fn permissions(&self, request: PermissionRequest<'_>) -> Result<PermissionAnswer, OidcError> {
        if request.permissions.is_empty() {
            return Ok(PermissionAnswer::Granted(Vec::new()));
        }
        let units = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| text.encode_utf16().count()).sum::<usize>()
        };
        if units(&mut request.permissions.iter().map(String::as_str)) > READ_UNITS
            || units(&mut std::iter::once(request.audience)) > READ_UNITS
        {
            return Err(too_long("the question is"));
        }
        let mut form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"),
            ("audience", request.audience),
            ("response_mode", "permissions"),
            ("response_include_resource_name", "true"),
        ];
        form.extend(request.permissions.iter().map(|permission| ("permission", permission.as_str())));
        let claim_token = request.claims.filter(|claims| !claims.is_empty()).map(claim_token).transpose()?;
        if let Some(token) = &claim_token {
            form.push(("claim_token", token));
            form.push(("claim_token_format", "urn:ietf:params:oauth:token-type:jwt"));
        }
        // With the caller's token as bearer, its client asks; a public one may not push claims.
        let in_own_name = claim_token.is_some() && self.can_prove_itself();
        let authorization = if in_own_name {
            if units(&mut std::iter::once(request.token)) > TOKEN_UNITS {
                return Err(too_long("the caller's token is"));
            }
            form.push(("subject_token", request.token));
            self.auth.prove(OPERATION, &mut form)?
        } else {
            Some(bearer(OPERATION, request.token)?)
        };
        let url = self.endpoints().await?.token(&self.realm)?;
        let call = Call::form(OPERATION, &url, authorization, &form);
        self.http.call(call, |answer| read(answer, in_own_name)).await
    }
}

fn too_long(what: &str) -> OidcError {
    OidcError::Unusable { operation: OPERATION, reason: format!("{what} longer than keycloak reads") }
}

/// Keycloak calls this a JWT; it is JSON.
fn claim_token(claims: &BTreeMap<String, Vec<String>>) -> Result<String, OidcError> {
    let json = serde_json::to_vec(claims).unwrap_or_default();
    let token = URL_SAFE_NO_PAD.encode(json);
    if token.len() > TOKEN_UNITS {
        return Err(too_long("the pushed claims are"));
    }
    Ok(token)
}

fn read(answer: Answer, in_own_name: bool) -> Result<PermissionAnswer, OidcError> {
    if answer.status == 200 {
        return answer.objects(200).map(PermissionAnswer::Granted);
    }
    let (error, description) = answer.error();
    let text = format!("`{error}`: {description}");
    match (answer.status, error.as_str()) {
        (403, "access_denied") => Ok(PermissionAnswer::Denied(text)),
        // The 403: a public client may not push claims, so that it is not known what policies say without them.
        (400, "invalid_resource" | "invalid_scope") | (403, "invalid_grant") => {
            Ok(PermissionAnswer::Unknown(text))
        }
        (400 | 401, "invalid_grant" | "invalid_token") => Ok(PermissionAnswer::TokenRefused(text)),
        // "Invalid identity": what it says of a `subject_token` that it does not take.
        (400, "unauthorized_client") if in_own_name => Ok(PermissionAnswer::TokenRefused(text)),
        _ => Err(answer.refused()),
    }
}

//! The client for one realm.

use bytes::Bytes;

use super::GrantedPermission;
use super::OidcError;
use crate::config::{Problem, ProviderConfig};

/// An introspection answer (RFC 7662).
#[derive(Clone, Debug)]
pub struct Introspected {
    /// `active`, and only the JSON value `true` counts.
    pub active: bool,
    /// The whole answer, JSON.
    pub body: Bytes,
}

/// One UMA-ticket request with the caller's token as bearer, `response_mode=permissions`.
#[derive(Clone, Debug)]
pub struct PermissionRequest<'a> {
    /// The caller's token.
    pub token: &'a str,
    /// The client whose resources are asked for.
    pub audience: &'a str,
    /// `RESOURCE#SCOPE,SCOPE` each.
    pub permissions: &'a [String],
}

/// Keycloak's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionAnswer {
    /// What was granted of what was asked; may be less.
    Granted(Vec<GrantedPermission>),
    /// `access_denied`, `invalid_resource`, `invalid_scope`: nothing of it. The text is for the log.
    Denied(String),
    /// Keycloak does not take the token (`invalid_grant`): expired, revoked, session gone.
    TokenRefused(String),
}

/// A request for a permission ticket (UMA 2.0 Federated Authorization section 4).
#[derive(Clone, Debug)]
pub struct TicketRequest<'a> {
    /// Resource name or id, and scopes.
    pub resources: &'a [(String, Vec<String>)],
}

/// The client for one realm.
#[derive(Debug)]
pub struct OidcClient {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl OidcClient {
    /// From `[providers.NAME]`; reads the secret and the CA file. `key` is the path in the configuration, for problems.
    pub fn build(key: &str, config: &ProviderConfig, folder: &std::path::Path) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// The realm's key set, as JSON; the discovery document is fetched first, once, and its `issuer` must be ours.
    pub async fn jwks(&self, max_bytes: u64) -> Result<Bytes, OidcError> {
        todo!()
    }

    /// RFC 7662.
    pub async fn introspect(&self, token: &str) -> Result<Introspected, OidcError> {
        todo!()
    }

    /// The UMA-ticket grant.
    pub async fn permissions(&self, request: PermissionRequest<'_>) -> Result<PermissionAnswer, OidcError> {
        todo!()
    }

    /// A permission ticket; the gateway's own token (client credentials) is fetched and kept as needed.
    pub async fn ticket(&self, request: TicketRequest<'_>) -> Result<String, OidcError> {
        todo!()
    }
}

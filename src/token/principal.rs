//! Who calls: what authentication yields.

use std::sync::Arc;

use serde_json::Value;

use super::TokenError;
use crate::oidc::GrantedPermission;

/// The caller: Keycloak's claims, each optional, since lightweight tokens lack nearly all of them.
#[derive(Debug)]
pub struct Principal {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Principal {
    /// From the claims of a token (or of an introspection answer). The types of the standard claims are checked, the
    /// values are not: that is `verify`'s part. `provider` is the name in the configuration.
    pub fn from_claims(provider: Arc<str>, claims: &[u8]) -> Result<Self, TokenError> {
        todo!()
    }

    /// The provider's name in the configuration.
    pub fn provider(&self) -> &str {
        todo!()
    }

    /// `iss`.
    pub fn issuer(&self) -> Option<&str> {
        todo!()
    }

    /// `sub`.
    pub fn subject(&self) -> Option<&str> {
        todo!()
    }

    /// `preferred_username`.
    pub fn username(&self) -> Option<&str> {
        todo!()
    }

    /// The client the token was issued to: `azp`, or `client_id`.
    pub fn client(&self) -> Option<&str> {
        todo!()
    }

    /// `exp`, seconds since 1970.
    pub fn expires_at(&self) -> Option<i64> {
        todo!()
    }

    /// `realm_access.roles`.
    pub fn realm_roles(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// `resource_access`: pairs of client and role.
    pub fn client_roles(&self) -> impl Iterator<Item = (&str, &str)> {
        std::iter::empty()
    }

    /// `scope`, split at spaces.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// `groups`.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// Whether the token has the claim by which this kind of condition is judged at all: lightweight tokens do not,
    /// and introspection may tell more.
    pub fn has_claim(&self, name: &str) -> bool {
        todo!()
    }

    /// A claim by name, or by JSON pointer if `name` starts with `/`.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        todo!()
    }

    /// `authorization.permissions`, if the token is an RPT.
    pub fn permissions(&self) -> &[GrantedPermission] {
        todo!()
    }

    /// Memory held, in bytes, about.
    pub fn weight(&self) -> usize {
        todo!()
    }
}

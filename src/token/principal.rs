//! Who calls: what authentication yields.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::TokenError;
use super::claims::{Claims, Glance};
use crate::oidc::GrantedPermission;

/// The caller: Keycloak's claims, each optional, since lightweight tokens lack nearly all of them.
///
/// ```
/// use gatecloak::token::Principal;
///
/// let alice = Principal::from_claims(
///     "shop".into(),
///     br#"{"sub": "a1", "realm_access": {"roles": ["manager"]}, "scope": "openid orders"}"#,
/// )?;
/// assert_eq!(alice.subject(), Some("a1"));
/// assert!(alice.realm_roles().any(|role| role == "manager"));
/// assert_eq!(alice.scopes().collect::<Vec<_>>(), ["openid", "orders"]);
/// assert_eq!(alice.claim("/realm_access/roles/0"), Some(&"manager".into()));
/// # Ok::<(), gatecloak::token::TokenError>(())
/// ```
pub struct Principal {
    provider: Arc<str>,
    claims: Arc<Claims>,
}

impl Principal {
    /// From the claims of a token (or of an introspection answer). The types of the standard claims are checked, the
    /// values are not: that is `verify`'s part. `provider` is the name in the configuration.
    pub fn from_claims(provider: Arc<str>, claims: &[u8]) -> Result<Self, TokenError> {
        Ok(Self::new(provider, Arc::new(Claims::parse(claims.to_vec())?)))
    }

    pub(super) fn new(provider: Arc<str>, claims: Arc<Claims>) -> Self {
        Self { provider, claims }
    }

    /// The provider's name in the configuration.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// `iss`.
    pub fn issuer(&self) -> Option<&str> {
        self.claims.issuer()
    }

    /// `sub`.
    pub fn subject(&self) -> Option<&str> {
        self.claims.subject()
    }

    /// `preferred_username`.
    pub fn username(&self) -> Option<&str> {
        self.claims.username()
    }

    /// The client the token was issued to: `azp`, or `client_id`.
    pub fn client(&self) -> Option<&str> {
        self.claims.client()
    }

    /// `exp`, seconds since 1970.
    pub fn expires_at(&self) -> Option<i64> {
        self.claims.expires_at()
    }

    /// `realm_access.roles`.
    pub fn realm_roles(&self) -> impl Iterator<Item = &str> {
        self.claims.realm_roles()
    }

    /// `resource_access`: pairs of client and role.
    pub fn client_roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.claims.client_roles()
    }

    /// `scope`, split at spaces.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.claims.scopes()
    }

    /// `groups`.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.claims.groups()
    }

    /// Whether the token has the claim by which this kind of condition is judged at all: lightweight tokens do not,
    /// and introspection may tell more. A name or a JSON pointer, as for [`Principal::claim`].
    pub fn has_claim(&self, name: &str) -> bool {
        self.claims.has(name)
    }

    /// A claim by name, or by JSON pointer if `name` starts with `/`.
    ///
    /// The first call reads the whole of the claims; later ones only look up.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// All claims, as the JSON that came.
    pub fn claims_json(&self) -> &[u8] {
        self.claims.json()
    }

    /// What can be said of a claim without reading the whole, for names as in [`Principal::claim`].
    pub(crate) fn glance(&self, name: &str) -> Glance<'_> {
        self.claims.glance(name)
    }

    /// `authorization.permissions`, if the token is an RPT.
    pub fn permissions(&self) -> &[GrantedPermission] {
        self.claims.permissions()
    }

    /// Memory held, in bytes, about.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.claims.weight()
    }
}

/// Without the claims, which are personal data.
impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("provider", &self.provider).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! The claims of a token: Keycloak's own in typed slots, read in one pass; all others on demand.

mod member;

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

pub(crate) use self::member::Glance;
pub(super) use self::member::members_are_unique;
use self::member::{Audience, ClientRoles, Known};
use super::TokenError;
use crate::oidc::GrantedPermission;

/// What is said of a token whose bytes are not JSON at all.
const NOT_JSON: TokenError = TokenError::TokenMalformed("its claims are not JSON");

/// What is said of claims that are JSON, but not an object in which every member stands once.
const NOT_UNIQUE: TokenError = TokenError::TokenMalformed("its claims are not an object of unique members");

/// The claims of a token, or of an introspection answer. None is mandatory here, since lightweight tokens lack nearly
/// all; each standard claim that is there has its type.
pub(super) struct Claims {
    known: Known,
    /// The JSON as it came, in which no object names a member twice.
    json: String,
    /// The same as a tree, made when first asked for.
    tree: OnceLock<Value>,
}

impl Claims {
    /// Reads the JSON of a payload. A member that stands twice anywhere is an error, and so is a standard claim of
    /// another type than it must have.
    pub(super) fn parse(json: Vec<u8>) -> Result<Self, TokenError> {
        let json = String::from_utf8(json).map_err(|_| NOT_JSON)?;
        let known = Known::read(&json)?;
        Ok(Self { known, json, tree: OnceLock::new() })
    }

    /// As it came.
    pub(super) fn json(&self) -> &[u8] {
        self.json.as_bytes()
    }

    pub(super) fn issuer(&self) -> Option<&str> {
        self.known.issuer.as_deref()
    }

    pub(super) fn subject(&self) -> Option<&str> {
        self.known.subject.as_deref()
    }

    pub(super) fn audience(&self) -> impl Iterator<Item = &str> {
        self.known.audience.iter().flat_map(|Audience(clients)| clients).map(|client| &**client)
    }

    pub(super) fn expires_at(&self) -> Option<i64> {
        self.known.expires_at.map(|seconds| seconds.0)
    }

    pub(super) fn not_before(&self) -> Option<i64> {
        self.known.not_before.map(|seconds| seconds.0)
    }

    pub(super) fn issued_at(&self) -> Option<i64> {
        self.known.issued_at.map(|seconds| seconds.0)
    }

    pub(super) fn authorized_party(&self) -> Option<&str> {
        self.known.authorized_party.as_deref()
    }

    /// `azp`, or `client_id` (RFC 9068, RFC 7662).
    pub(super) fn client(&self) -> Option<&str> {
        self.authorized_party().or_else(|| self.known.client_id.as_ref()?.0.as_deref())
    }

    /// Keycloak's `typ`: `Bearer`, `ID`, `Refresh`, `Logout`...
    pub(super) fn kind(&self) -> Option<&str> {
        self.known.kind.as_deref()
    }

    pub(super) fn username(&self) -> Option<&str> {
        self.known.username.as_ref()?.0.as_deref()
    }

    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        self.known.scope.iter().flat_map(|scope| scope.split(' ')).filter(|scope| !scope.is_empty())
    }

    pub(super) fn realm_roles(&self) -> impl Iterator<Item = &str> {
        self.known.realm_access.iter().flat_map(|access| &access.roles).map(|role| &**role)
    }

    pub(super) fn client_roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known
            .resource_access
            .iter()
            .flat_map(|ClientRoles(clients)| clients)
            .flat_map(|(client, access)| access.roles.iter().map(move |role| (&**client, &**role)))
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.known.groups.iter().flat_map(|Audience(groups)| groups).map(|group| &**group)
    }

    pub(super) fn permissions(&self) -> &[GrantedPermission] {
        self.known.authorization.as_ref().map_or(&[], |authorization| &authorization.permissions)
    }

    /// Whether the token is bound to a key: `cnf` is there, whatever it holds.
    pub(super) fn is_bound(&self) -> bool {
        self.known.confirmation.is_some()
    }

    /// Whether there is such a claim; for the common ones without making the tree.
    pub(super) fn has(&self, name: &str) -> bool {
        match name {
            "realm_access" => self.known.realm_access.is_some(),
            "resource_access" => self.known.resource_access.is_some(),
            "groups" => self.known.groups.is_some(),
            "scope" => self.known.scope.is_some(),
            "sub" => self.known.subject.is_some(),
            _ => match self.glance(name) {
                Glance::Absent => false,
                Glance::Text(_) => true,
                Glance::Unclear => self.get(name).is_some(),
            },
        }
    }

    /// What can be said of a claim without making the tree; names as for [`Claims::get`].
    pub(super) fn glance(&self, name: &str) -> Glance<'_> {
        let slot = match name {
            "iss" => &self.known.issuer,
            "sub" => &self.known.subject,
            "azp" => &self.known.authorized_party,
            "typ" => &self.known.kind,
            "scope" => &self.known.scope,
            // The other slots hold no plain text.
            "aud" | "exp" | "nbf" | "iat" | "client_id" | "preferred_username" | "realm_access"
            | "resource_access" | "groups" | "authorization" | "cnf" | "jti" | "sid" => {
                return Glance::Unclear;
            }
            pointer if pointer.starts_with('/') => return Glance::Unclear,
            other => return self.known.others.glance(other, &self.json),
        };
        slot.as_deref().map_or(Glance::Absent, Glance::Text)
    }

    /// A claim by name, or by JSON pointer (RFC 6901) if `name` starts with `/`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        // Read once already, so this does not fail; if it did, there would be no claims.
        let tree = self.tree.get_or_init(|| serde_json::from_str(&self.json).unwrap_or(Value::Null));
        if name.starts_with('/') { tree.pointer(name) } else { tree.get(name) }
    }

    /// Memory held, about: the JSON, its strings once more in the slots, and the tree, which takes twice to four times
    /// the text and is counted before it is made, since a cache weighs an entry only once.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + self.json.capacity() * 4
    }
}

/// Without the claims, which are personal data.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

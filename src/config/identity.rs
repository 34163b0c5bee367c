//! `[identity]`: which claims become which headers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SecretRef;

/// `[identity]`: headers that tell the upstream who calls.
///
/// Every header named here is removed from every request, in every spelling that a server could take for it, and
/// then set from the verified token only.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// Header name to claim: `sub`, a JSON pointer such as `/realm_access/roles`, or one of the words
    /// `@username`, `@realm_roles`, `@client_roles`, `@scopes`, `@groups`, `@client`, `@issuer`. Lists are joined
    /// with commas; a claim that is missing sets no header. This table replaces the one of the defaults as a whole.
    pub headers: BTreeMap<String, String>,
    /// Further headers that a client may never send.
    pub remove: Vec<String>,
    /// What the upstream gets as `Authorization`.
    pub authorization_header: AuthorizationHeader,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        let headers = [
            ("x-auth-subject", "sub"),
            ("x-auth-username", "@username"),
            ("x-auth-email", "email"),
            ("x-auth-roles", "@realm_roles"),
            ("x-auth-groups", "@groups"),
            ("x-auth-client", "@client"),
            ("x-auth-scopes", "@scopes"),
        ];
        Self {
            headers: headers
                .iter()
                .map(|(header, claim)| ((*header).to_owned(), (*claim).to_owned()))
                .collect(),
            remove: Vec::new(),
            authorization_header: AuthorizationHeader::default(),
        }
    }
}

/// What the upstream gets as `Authorization`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationHeader {
    /// Nothing.
    Strip,
    /// The caller's, as it was checked.
    #[default]
    Pass,
    /// `Basic USER:PASSWORD` or any other value, read from a secret.
    Replace(SecretRef),
}

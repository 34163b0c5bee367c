//! The subject of a decision, as Keycloak makes it of a token.

mod attribute;
mod roles;

use std::collections::HashSet;
use std::fmt;

use super::json::{Json, NotRead};
use super::surroundings::Surroundings;

/// Who asks: the claims of a verified access token, as policies see them.
///
/// Made once from a token; it depends on nothing else, so it may be kept as long as the token.
pub struct Identity {
    claims: Json,
    realm_roles: HashSet<Box<str>, ahash::RandomState>,
    client_roles: HashSet<(Box<str>, Box<str>), ahash::RandomState>,
}

/// Whose resources are one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// A user, by name.
    User(&'a str),
    /// The service account of the resource server's own client.
    ResourceServer,
    /// The service account of another client.
    Client,
    /// It cannot be told; whether it may be the resource server.
    Unknown { may_be_resource_server: bool },
}

/// What a claim says: texts, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attribute<'a> {
    /// One or more.
    Texts(Vec<std::borrow::Cow<'a, str>>),
    /// The claim says nothing.
    Absent,
    /// What Keycloak reads depends on more than is known.
    Unsure,
}

impl Identity {
    /// From the JSON of a token's claims, which have been verified. `None`: they are not what Keycloak writes, so that
    /// it has to be asked.
    pub fn from_claims(json: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(json).ok()?;
        match Json::parse(text) {
            Ok(claims @ Json::Object(_)) => Some(Self::new(claims)),
            Ok(_) | Err(NotRead::NotJson | NotRead::Unsure) => None,
        }
    }

    fn new(claims: Json) -> Self {
        let realm_roles = roles::of_realm(&claims).map(Into::into).collect();
        let client_roles =
            roles::of_clients(&claims).map(|(client, role)| (client.into(), role.into())).collect();
        Self { claims, realm_roles, client_roles }
    }

    /// `azp`: the client that the token was issued to.
    pub(super) fn client(&self) -> Option<&str> {
        self.text("azp")
    }

    /// A claim that is a text, and not an empty one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_text().filter(|text| !text.is_empty())
    }

    pub(super) fn has_realm_role(&self, role: &str) -> bool {
        self.realm_roles.contains(role)
    }

    pub(super) fn has_client_role(&self, role: &(Box<str>, Box<str>)) -> bool {
        self.client_roles.contains(role)
    }

    /// A claim as texts.
    pub(super) fn attribute(&self, name: &str) -> Attribute<'_> {
        match self.claims.get(name) {
            Some(value) => attribute::of_claim(name, value),
            None => Attribute::Absent,
        }
    }

    /// Whose resources are this identity's own.
    pub(super) fn subject<'a>(&'a self, surroundings: &'a Surroundings) -> Subject<'a> {
        let resource_server = surroundings.resource_server.as_ref().map(|client| client.client_id.as_str());
        let Some(username) = self.username(surroundings) else {
            let may_be_resource_server = match (self.client(), resource_server) {
                (Some(client), Some(resource_server)) => client == resource_server,
                (None, _) => false,
                (Some(_), None) => true,
            };
            return Subject::Unknown { may_be_resource_server };
        };
        let Some(client) = self.client() else { return Subject::User(username) };
        match username.strip_prefix("service-account-") {
            Some(rest) if rest == client.to_lowercase() => match resource_server {
                Some(resource_server) if resource_server == client => Subject::ResourceServer,
                Some(_) => Subject::Client,
                None => Subject::Unknown { may_be_resource_server: true },
            },
            _ => Subject::User(username),
        }
    }

    /// `preferred_username`, or the name of the user with this `sub`.
    fn username<'a>(&'a self, surroundings: &'a Surroundings) -> Option<&'a str> {
        self.text("preferred_username").or_else(|| {
            let id = self.text("sub")?;
            surroundings.user_ids.iter().find(|(_, known)| *known == id).map(|(name, _)| name.as_str())
        })
    }
}

/// Without the claims, which are personal data.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

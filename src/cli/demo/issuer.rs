//! Where the demo's tokens come from: the development issuer, or a realm in a real Keycloak.

use std::io;
use std::net::SocketAddr;

use super::keycloak::KeycloakRealm;
use crate::testing::{DevIdp, Realm};

/// The realm of the demo.
pub(super) enum Issuer {
    /// In this process.
    Dev(DevIdp),
    /// In a real Keycloak.
    Keycloak(Box<KeycloakRealm>),
}

impl Issuer {
    /// The development issuer at this address.
    pub(super) fn dev(address: SocketAddr) -> io::Result<Self> {
        DevIdp::new(Realm::demo()?).at(address).start().map(Self::Dev)
    }

    /// `iss` of the tokens.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Dev(idp) => idp.issuer(),
            Self::Keycloak(realm) => realm.issuer().to_owned(),
        }
    }

    /// The realm's address, where the token endpoint is.
    pub(super) fn url(&self) -> String {
        match self {
            Self::Dev(idp) => idp.issuer(),
            Self::Keycloak(realm) => realm.url(),
        }
    }

    /// The keys of the gateway's configuration that lead to it.
    pub(super) fn setting(&self) -> String {
        let (name, url) = (self.name(), self.url());
        let inside = if name == url { String::new() } else { format!("\ninternal_url = {url:?}") };
        format!("issuer = {name:?}{inside}")
    }

    /// What it is, for people.
    pub(super) const fn about(&self) -> &'static str {
        match self {
            Self::Dev(_) => "stands in for Keycloak",
            Self::Keycloak(_) => "a realm of its own in your Keycloak",
        }
    }

    /// An access token for these parameters of the token endpoint.
    pub(super) fn grant(&self, parameters: &[(&str, &str)]) -> io::Result<String> {
        match self {
            Self::Dev(idp) => idp.grant(parameters),
            Self::Keycloak(realm) => realm.grant(parameters).map_err(io::Error::other),
        }
    }
}

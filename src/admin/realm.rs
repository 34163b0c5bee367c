//! The way into a realm.

use super::attack_detection::AttackDetection;
use super::client_registration::ClientRegistration;
use super::client_scopes::ClientScopes;
use super::clients::Clients;
use super::keys::Keys;
use super::location::Location;

/// One realm; its headings are methods.
#[derive(Clone, Debug)]
pub struct Realm {
    location: Location,
}

impl Realm {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// Brute-force detection.
    pub fn attack_detection(&self) -> AttackDetection {
        AttackDetection::new(self.location.fixed("attack-detection/brute-force/users"))
    }

    /// Clients.
    pub fn clients(&self) -> Clients {
        Clients::new(self.location.clone())
    }

    /// Client scopes, and which of them new clients get.
    pub fn client_scopes(&self) -> ClientScopes {
        ClientScopes::new(self.location.clone())
    }

    /// Initial access tokens for programs that register clients.
    pub fn client_registration(&self) -> ClientRegistration {
        ClientRegistration::new(self.location.fixed("clients-initial-access"))
    }

    /// The realm's keys.
    pub fn keys(&self) -> Keys {
        Keys::new(self.location.fixed("keys"))
    }
}

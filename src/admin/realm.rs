//! The way into a realm.

use super::attack_detection::AttackDetection;
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

    /// The realm's keys.
    pub fn keys(&self) -> Keys {
        Keys::new(self.location.fixed("keys"))
    }
}

//! The way into a realm.

use super::attack_detection::AttackDetection;
use super::default_roles::DefaultRoles;
use super::groups::Groups;
use super::keys::Keys;
use super::location::Location;
use super::organizations::Organizations;
use super::role_mappings::RoleMappings;
use super::roles::Roles;
use super::roles_by_id::RolesById;
use super::user_profile::UserProfile;
use super::users::Users;

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

    /// The users.
    pub fn users(&self) -> Users {
        Users::new(self.location.fixed("users"))
    }

    /// Which attributes users have.
    pub fn user_profile(&self) -> UserProfile {
        UserProfile::new(self.location.fixed("users/profile"))
    }

    /// The groups.
    pub fn groups(&self) -> Groups {
        Groups::new(self.location.clone())
    }

    /// The realm's own roles.
    pub fn roles(&self) -> Roles {
        Roles::new(self.location.fixed("roles"))
    }

    /// The roles of a client, which is meant by its id.
    pub fn client_roles(&self, client: &str) -> Roles {
        Roles::new(self.location.fixed("clients").child(client).fixed("roles"))
    }

    /// All roles by their ids.
    pub fn roles_by_id(&self) -> RolesById {
        RolesById::new(self.location.fixed("roles-by-id"))
    }

    /// The roles that every user has.
    pub fn default_roles(&self) -> DefaultRoles {
        DefaultRoles::new(self.location.clone())
    }

    /// The roles of a user, which is meant by its id.
    pub fn user_roles(&self, user: &str) -> RoleMappings {
        RoleMappings::new(self.location.fixed("users").child(user).fixed("role-mappings"))
    }

    /// The roles of a group, which is meant by its id.
    pub fn group_roles(&self, group: &str) -> RoleMappings {
        RoleMappings::new(self.location.fixed("groups").child(group).fixed("role-mappings"))
    }

    /// The organizations.
    pub fn organizations(&self) -> Organizations {
        Organizations::new(self.location.fixed("organizations"))
    }
}

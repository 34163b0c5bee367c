//! The way into a realm.

use super::attack_detection::AttackDetection;
use super::authenticators::Authenticators;
use super::client_policies::ClientPolicies;
use super::client_registration::ClientRegistration;
use super::client_registration_policy::ClientRegistrationPolicy;
use super::client_scopes::ClientScopes;
use super::clients::Clients;
use super::components::Components;
use super::default_roles::DefaultRoles;
use super::events::Events;
use super::executions::Executions;
use super::flows::Flows;
use super::groups::Groups;
use super::identity_providers::IdentityProviders;
use super::keys::Keys;
use super::localization::Localization;
use super::location::Location;
use super::organizations::Organizations;
use super::required_actions::RequiredActions;
use super::role_mappings::RoleMappings;
use super::roles::Roles;
use super::roles_by_id::RolesById;
use super::user_profile::UserProfile;
use super::user_storage::UserStorage;
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

    pub(super) fn location(&self) -> &Location {
        &self.location
    }

    /// The users.
    pub fn users(&self) -> Users {
        Users::new(self.location.fixed("users"))
    }

    /// The roles of a user, which is meant by its id.
    pub fn user_roles(&self, user: &str) -> RoleMappings {
        RoleMappings::new(self.location.fixed("users").child(user).fixed("role-mappings"))
    }

    /// The groups.
    pub fn groups(&self) -> Groups {
        Groups::new(self.location.clone())
    }

    /// The roles of a group, which is meant by its id.
    pub fn group_roles(&self, group: &str) -> RoleMappings {
        RoleMappings::new(self.location.fixed("groups").child(group).fixed("role-mappings"))
    }

    /// The realm's own roles.
    pub fn roles(&self) -> Roles {
        Roles::new(self.location.fixed("roles"))
    }

    /// All roles by their ids.
    pub fn roles_by_id(&self) -> RolesById {
        RolesById::new(self.location.fixed("roles-by-id"))
    }

    /// The roles of a client, which is meant by its id.
    pub fn client_roles(&self, client: &str) -> Roles {
        Roles::new(self.location.fixed("clients").child(client).fixed("roles"))
    }

    /// The roles that every user has.
    pub fn default_roles(&self) -> DefaultRoles {
        DefaultRoles::new(self.location.clone())
    }

    /// The organizations.
    pub fn organizations(&self) -> Organizations {
        Organizations::new(self.location.fixed("organizations"))
    }

    /// Which attributes users have.
    pub fn user_profile(&self) -> UserProfile {
        UserProfile::new(self.location.fixed("users/profile"))
    }

    /// Directories that users come from.
    pub fn user_storage(&self) -> UserStorage {
        UserStorage::new(self.location.fixed("user-storage"))
    }

    /// Clients.
    pub fn clients(&self) -> Clients {
        Clients::new(self.location.clone())
    }

    /// Client scopes, and which of them new clients get.
    pub fn client_scopes(&self) -> ClientScopes {
        ClientScopes::new(self.location.clone())
    }

    /// Rules on the clients of the realm.
    pub fn client_policies(&self) -> ClientPolicies {
        ClientPolicies::new(self.location.fixed("client-policies"))
    }

    /// Initial access tokens for programs that register clients.
    pub fn client_registration(&self) -> ClientRegistration {
        ClientRegistration::new(self.location.fixed("clients-initial-access"))
    }

    /// What may rule dynamic client registration.
    pub fn client_registration_policy(&self) -> ClientRegistrationPolicy {
        ClientRegistrationPolicy::new(self.location.fixed("client-registration-policy"))
    }

    /// Authentication flows.
    pub fn flows(&self) -> Flows {
        Flows::new(self.location.fixed("authentication/flows"))
    }

    /// The steps of authentication flows.
    pub fn executions(&self) -> Executions {
        Executions::new(self.location.fixed("authentication/executions"))
    }

    /// What steps of a login there are, and the settings of those in use.
    pub fn authenticators(&self) -> Authenticators {
        Authenticators::new(self.location.fixed("authentication"))
    }

    /// What users can be asked to do at their next login.
    pub fn required_actions(&self) -> RequiredActions {
        RequiredActions::new(self.location.fixed("authentication/required-actions"))
    }

    /// Identity providers.
    pub fn identity_providers(&self) -> IdentityProviders {
        IdentityProviders::new(self.location.fixed("identity-provider"))
    }

    /// Brute-force detection.
    pub fn attack_detection(&self) -> AttackDetection {
        AttackDetection::new(self.location.fixed("attack-detection/brute-force/users"))
    }

    /// Components: user storage, keys, registration policies.
    pub fn components(&self) -> Components {
        Components::new(self.location.fixed("components"))
    }

    /// Events of users and of administrators.
    pub fn events(&self) -> Events {
        Events::new(self.location.clone())
    }

    /// The realm's keys.
    pub fn keys(&self) -> Keys {
        Keys::new(self.location.fixed("keys"))
    }

    /// Texts of the realm, by locale.
    pub fn localization(&self) -> Localization {
        Localization::new(self.location.fixed("localization"))
    }
}

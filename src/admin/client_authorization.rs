//! Authorization: what a client protects, and who may have it.

mod policies;
mod resources;
mod scopes;

pub use policies::AuthorizationPolicies;
pub use resources::AuthorizationResources;
pub use scopes::AuthorizationScopes;

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// The authorization settings of a client. Every call is a 404 where the client has no authorization services.
#[derive(Clone, Debug)]
pub struct ClientAuthorization {
    location: Location,
}

impl ClientAuthorization {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The settings themselves: `policyEnforcementMode`, `decisionStrategy`, `allowRemoteResourceManagement`. Resources,
    /// scopes and policies are empty lists here.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server`; python-keycloak: none
    pub async fn get(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// Changes the settings that are given; the others stay as they are.
    ///
    /// Two calls: reads the settings, and writes them with the changes. The server takes them whole only.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/authz/resource-server`; python-keycloak: none
    pub async fn update(&self, changes: &Value) -> Result<(), CallError> {
        let mut settings = self.get().await?;
        if let (Some(members), Some(changes)) = (settings.as_object_mut(), changes.as_object()) {
            members.extend(changes.clone());
        }
        self.location.put(&settings).await.map(drop)
    }

    /// The whole configuration with resources, scopes, policies and permissions, linked by name: what
    /// [`ClientAuthorization::import`] takes.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/settings`; python-keycloak `get_client_authz_settings`
    pub async fn export(&self) -> Result<Value, CallError> {
        self.location.fixed("settings").get().await
    }

    /// Makes what is in a configuration. Policies and permissions of the same name are changed; resources of the same name
    /// are left as they are, and nothing is deleted. A role that is not there is left out of its policy without an error; a
    /// resource that is not there is a 500.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/import`; python-keycloak `import_client_authz_config`
    pub async fn import(&self, configuration: &Value) -> Result<(), CallError> {
        self.location.fixed("import").post(configuration).await.map(drop)
    }

    /// What the server would decide, and why: `userId`, `clientId`, `roleIds`, `resources` (with `scopes`), `context`.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/evaluate`; python-keycloak: none
    pub async fn evaluate(&self, question: &Value) -> Result<Value, CallError> {
        self.location.fixed("policy/evaluate").post(question).await
    }

    /// The kinds of policies and permissions that the server has.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/policy/providers`; python-keycloak: none
    pub async fn policy_providers(&self) -> Result<Value, CallError> {
        self.location.fixed("policy/providers").get().await
    }

    /// The resources.
    pub fn resources(&self) -> AuthorizationResources {
        AuthorizationResources::new(self.location.fixed("resource"))
    }

    /// The scopes.
    pub fn scopes(&self) -> AuthorizationScopes {
        AuthorizationScopes::new(self.location.fixed("scope"))
    }

    /// The policies of all kinds. What is particular to a kind is in `config`, lists as JSON texts.
    pub fn policies(&self) -> AuthorizationPolicies {
        AuthorizationPolicies::policies(self.location.fixed("policy"))
    }

    /// The policies of one kind, with members of their own: `role`, `client`, `user`, `group`, `client-scope`, `time`,
    /// `regex`, `aggregate`, `js`.
    pub fn policies_of(&self, kind: &str) -> AuthorizationPolicies {
        AuthorizationPolicies::of(self.location.fixed("policy").child(kind), kind)
    }

    /// The permissions of all kinds.
    pub fn permissions(&self) -> AuthorizationPolicies {
        AuthorizationPolicies::permissions(self.location.fixed("permission"))
    }

    /// The permissions of one kind: `resource` or `scope`.
    pub fn permissions_of(&self, kind: &str) -> AuthorizationPolicies {
        AuthorizationPolicies::of(self.location.fixed("permission").child(kind), kind)
    }
}

/// What a search found: the server answers nothing with 204.
fn found(answer: Value) -> Option<Value> {
    answer.as_object().is_some_and(|members| !members.is_empty()).then_some(answer)
}

//! Clients.

mod representation;

use serde_json::Value;

use super::client_authorization::ClientAuthorization;
use super::client_certificates::ClientCertificates;
use super::location::Location;
use super::pages::Pages;
use super::protocol_mappers::ProtocolMappers;
use super::removed::fine_grained_permissions;
use super::scope_mappings::ScopeMappings;
use crate::connection::{Body, CallError, Query, Response};

/// The clients of a realm. An `id` is the one that Keycloak gave, not the `clientId`; [`Clients::id`] leads from one to
/// the other.
#[derive(Clone, Debug)]
pub struct Clients {
    realm: Location,
}

impl Clients {
    pub(super) fn new(realm: Location) -> Self {
        Self { realm }
    }

    /// All clients, or those that the query picks (`clientId`, `search`, `q`, `viewableOnly`). Their secrets are in the
    /// answer where the login may see them.
    ///
    /// `GET /admin/realms/{realm}/clients`; python-keycloak `get_clients`
    pub fn list(&self, query: Query) -> Pages {
        self.all().pages(query)
    }

    /// A client by its id.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}`; python-keycloak `get_client`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).get().await
    }

    /// A client by its `clientId`, in one call.
    ///
    /// `GET /admin/realms/{realm}/clients?clientId={clientId}`; python-keycloak: none
    pub async fn find(&self, client_id: &str) -> Result<Option<Value>, CallError> {
        let Value::Array(clients) = self.all().get_with(Query::new().with("clientId", client_id)).await?
        else {
            return Ok(None);
        };
        Ok(clients.into_iter().find(|client| text(client, "clientId") == Some(client_id)))
    }

    /// The id of the client with a `clientId`, in one call.
    ///
    /// `GET /admin/realms/{realm}/clients?clientId={clientId}`; python-keycloak `get_client_id`
    pub async fn id(&self, client_id: &str) -> Result<Option<String>, CallError> {
        let client = self.find(client_id).await?;
        Ok(client.as_ref().and_then(|client| text(client, "id")).map(str::to_owned))
    }

    /// Makes a client; gives back its id.
    ///
    /// Without `publicClient` it is confidential, and has direct access grants only if they are asked for: the server makes
    /// a public client with direct access grants of one that names its protocol only. Authorization services bring the
    /// service account that they need.
    ///
    /// `POST /admin/realms/{realm}/clients`; python-keycloak `create_client`
    pub async fn create(&self, client: &Value) -> Result<String, CallError> {
        self.all().create(&representation::closed(client)).await
    }

    /// The id of the client with this `clientId`, which is made if it is not there. One that is there is left as it is.
    ///
    /// Several calls: looks for it, makes it as [`Clients::create`] does, and looks again if somebody else was faster.
    ///
    /// `POST /admin/realms/{realm}/clients`; python-keycloak: none
    pub async fn create_if_absent(&self, client: &Value) -> Result<String, CallError> {
        // Without a `clientId` the server gives one, so nothing can be there.
        let Some(client_id) = text(client, "clientId") else { return self.create(client).await };
        if let Some(id) = self.id(client_id).await? {
            return Ok(id);
        }
        match self.create(client).await {
            Err(error) if error.is_conflict() => self.id(client_id).await?.ok_or(error),
            result => result,
        }
    }

    /// Changes the members that are given; all others stay as they are, authorization services and their settings too.
    /// They end only by `"authorizationServicesEnabled": false`. An attribute of value `null` is removed.
    ///
    /// Two calls: reads the client, and writes it with the changes.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}`; python-keycloak `update_client`
    pub async fn update(&self, id: &str, changes: &Value) -> Result<(), CallError> {
        let current = self.get(id).await?;
        self.one(id).put(&representation::merged(current, changes)).await.map(drop)
    }

    /// Deletes a client.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}`; python-keycloak `delete_client`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.one(id).delete().await
    }

    /// What an adapter needs to know of the client, in the format of a provider such as `keycloak-oidc-keycloak-json`: JSON,
    /// XML or an archive.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/installation/providers/{provider}`; python-keycloak `get_client_installation_provider`
    pub async fn installation(&self, id: &str, provider: &str) -> Result<Response, CallError> {
        self.one(id).fixed("installation/providers").child(provider).get_whole().await
    }

    /// The user that the client is when it logs in as itself. A client without service account is refused with 400.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/service-account-user`; python-keycloak `get_client_service_account_user`
    pub async fn service_account_user(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("service-account-user").get().await
    }

    /// The secret: `type` and `value`. A public client has no `value`.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/client-secret`; python-keycloak `get_client_secrets`
    pub async fn secret(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("client-secret").get().await
    }

    /// Makes a new secret and gives it back. The old one is dead at once, unless the realm rotates secrets.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/client-secret`; python-keycloak `generate_client_secrets`
    pub async fn generate_secret(&self, id: &str) -> Result<Value, CallError> {
        Ok(self.one(id).fixed("client-secret").post_as(Body::Empty).await?.value())
    }

    /// The secret before the present one, which is good for a while where the realm rotates secrets; 404 where there is none.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/client-secret/rotated`; python-keycloak: none
    pub async fn rotated_secret(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("client-secret/rotated").get().await
    }

    /// Ends the secret before the present one.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/client-secret/rotated`; python-keycloak: none
    pub async fn delete_rotated_secret(&self, id: &str) -> Result<(), CallError> {
        self.one(id).fixed("client-secret/rotated").delete().await
    }

    /// The sessions of users at a client.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/user-sessions`; python-keycloak `get_client_all_sessions`
    pub fn sessions(&self, id: &str) -> Pages {
        self.one(id).fixed("user-sessions").pages(Query::new())
    }

    /// The offline sessions of users at a client.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/offline-sessions`; python-keycloak: none
    pub fn offline_sessions(&self, id: &str) -> Pages {
        self.one(id).fixed("offline-sessions").pages(Query::new())
    }

    /// How many sessions a client has.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/session-count`; python-keycloak: none
    pub async fn count_sessions(&self, id: &str) -> Result<u64, CallError> {
        self.one(id).fixed("session-count").get().await.map(|answer| count(&answer))
    }

    /// How many offline sessions a client has.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/offline-session-count`; python-keycloak: none
    pub async fn count_offline_sessions(&self, id: &str) -> Result<u64, CallError> {
        self.one(id).fixed("offline-session-count").get().await.map(|answer| count(&answer))
    }

    /// How many sessions the clients have that have any: a list of `id`, `clientId`, and `active` and `offline` as texts.
    ///
    /// `GET /admin/realms/{realm}/client-session-stats`; python-keycloak `get_client_sessions_stats`
    pub async fn session_stats(&self) -> Result<Value, CallError> {
        self.realm.fixed("client-session-stats").get().await
    }

    /// The client scopes that a client has always.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/default-client-scopes`; python-keycloak `get_client_default_client_scopes`
    pub async fn default_scopes(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("default-client-scopes").get().await
    }

    /// Gives a client a client scope for always.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/default-client-scopes/{scope}`; python-keycloak `add_client_default_client_scope`
    pub async fn add_default_scope(&self, id: &str, scope: &str) -> Result<(), CallError> {
        self.one(id).fixed("default-client-scopes").child(scope).put_as(Body::Empty).await.map(drop)
    }

    /// Takes a client scope that a client has always from it.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/default-client-scopes/{scope}`; python-keycloak `delete_client_default_client_scope`
    pub async fn remove_default_scope(&self, id: &str, scope: &str) -> Result<(), CallError> {
        self.one(id).fixed("default-client-scopes").child(scope).delete().await
    }

    /// The client scopes that a client has when it asks for them.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/optional-client-scopes`; python-keycloak `get_client_optional_client_scopes`
    pub async fn optional_scopes(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("optional-client-scopes").get().await
    }

    /// Gives a client a client scope that it may ask for.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/optional-client-scopes/{scope}`; python-keycloak `add_client_optional_client_scope`
    pub async fn add_optional_scope(&self, id: &str, scope: &str) -> Result<(), CallError> {
        self.one(id).fixed("optional-client-scopes").child(scope).put_as(Body::Empty).await.map(drop)
    }

    /// Takes a client scope that a client may ask for from it.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/optional-client-scopes/{scope}`; python-keycloak `delete_client_optional_client_scope`
    pub async fn remove_optional_scope(&self, id: &str, scope: &str) -> Result<(), CallError> {
        self.one(id).fixed("optional-client-scopes").child(scope).delete().await
    }

    /// Whether fine-grained permissions of the first version are on for a client. Keycloak has them no more by itself.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/management/permissions`; python-keycloak `get_client_management_permissions`
    pub async fn management_permissions(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).fixed("management/permissions").get().await.map_err(fine_grained_permissions)
    }

    /// Turns fine-grained permissions of the first version on or off for a client: `{"enabled": true}`.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/management/permissions`; python-keycloak `update_client_management_permissions`
    pub async fn update_management_permissions(&self, id: &str, state: &Value) -> Result<Value, CallError> {
        self.one(id).fixed("management/permissions").put(state).await.map_err(fine_grained_permissions)
    }

    /// The protocol mappers of a client.
    pub fn mappers(&self, id: &str) -> ProtocolMappers {
        ProtocolMappers::new(self.one(id).fixed("protocol-mappers"))
    }

    /// The roles that a client's tokens may hold.
    pub fn scope_mappings(&self, id: &str) -> ScopeMappings {
        ScopeMappings::new(self.one(id).fixed("scope-mappings"))
    }

    /// The certificate of a client under an attribute: `jwt.credential`, `saml.signing` or `saml.encryption`.
    pub fn certificates(&self, id: &str, attribute: &str) -> ClientCertificates {
        ClientCertificates::new(self.one(id).fixed("certificates").child(attribute))
    }

    /// The authorization settings of a client.
    pub fn authorization(&self, id: &str) -> ClientAuthorization {
        ClientAuthorization::new(self.one(id).fixed("authz/resource-server"))
    }

    fn all(&self) -> Location {
        self.realm.fixed("clients")
    }

    fn one(&self, id: &str) -> Location {
        self.all().child(id)
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn count(answer: &Value) -> u64 {
    answer.get("count").and_then(Value::as_u64).unwrap_or_default()
}

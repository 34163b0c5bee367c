//! Protocol Mappers.

use serde_json::{Value, json};

use super::location::Location;
use crate::connection::CallError;

/// What puts claims into tokens: the protocol mappers of a client or of a client scope.
#[derive(Clone, Debug)]
pub struct ProtocolMappers {
    location: Location,
}

impl ProtocolMappers {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All mappers, in one list.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/protocol-mappers/models`; python-keycloak `get_mappers_from_client`
    ///
    /// `GET /admin/realms/{realm}/client-scopes/{id}/protocol-mappers/models`; python-keycloak `get_mappers_from_client_scope`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.models().get().await
    }

    /// The mappers for a protocol: `openid-connect` or `saml`.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/protocol-mappers/protocol/{protocol}`; python-keycloak: none
    pub async fn list_of(&self, protocol: &str) -> Result<Value, CallError> {
        self.location.fixed("protocol").child(protocol).get().await
    }

    /// A mapper by its id.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/protocol-mappers/models/{mapper}`; python-keycloak: none
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.models().child(id).get().await
    }

    /// Makes a mapper; gives back its id. One of the same name and protocol is a conflict. The server adds
    /// `introspection.token.claim` where the mapper has a claim in the access token.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/protocol-mappers/models`; python-keycloak `add_mapper_to_client`
    ///
    /// `POST /admin/realms/{realm}/client-scopes/{id}/protocol-mappers/models`; python-keycloak `add_mapper_to_client_scope`
    pub async fn create(&self, mapper: &Value) -> Result<String, CallError> {
        self.models().create(mapper).await
    }

    /// Makes several mappers, all or none.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/protocol-mappers/add-models`; python-keycloak: none
    pub async fn create_all(&self, mappers: &Value) -> Result<(), CallError> {
        self.location.fixed("add-models").post(mappers).await.map(drop)
    }

    /// Puts a mapper in the place of the one with this id: it is given whole. The server leaves its name as it is.
    ///
    /// `PUT /admin/realms/{realm}/clients/{id}/protocol-mappers/models/{mapper}`; python-keycloak `update_client_mapper`
    ///
    /// `PUT /admin/realms/{realm}/client-scopes/{id}/protocol-mappers/models/{mapper}`; python-keycloak `update_mapper_in_client_scope`
    pub async fn update(&self, id: &str, mapper: &Value) -> Result<(), CallError> {
        let mut mapper = mapper.clone();
        if let Some(members) = mapper.as_object_mut() {
            // The server goes by the id in the body.
            members.insert("id".to_owned(), json!(id));
        }
        self.models().child(id).put(&mapper).await.map(drop)
    }

    /// Deletes a mapper.
    ///
    /// `DELETE /admin/realms/{realm}/clients/{id}/protocol-mappers/models/{mapper}`; python-keycloak `remove_client_mapper`
    ///
    /// `DELETE /admin/realms/{realm}/client-scopes/{id}/protocol-mappers/models/{mapper}`; python-keycloak `delete_mapper_from_client_scope`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.models().child(id).delete().await
    }

    fn models(&self) -> Location {
        self.location.fixed("models")
    }
}

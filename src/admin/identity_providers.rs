//! Identity Providers.

use serde_json::Value;

use super::location::Location;
use crate::connection::{CallError, Query};

/// The identity providers of a realm, by alias.
#[derive(Clone, Debug)]
pub struct IdentityProviders {
    location: Location,
}

impl IdentityProviders {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All of them; secrets are masked. Since Keycloak 26.0 the query can be `search`, `briefRepresentation`, `first` and
    /// `max`; without `max` the server gives all at once.
    ///
    /// `GET /admin/realms/{realm}/identity-provider/instances`; python-keycloak `get_idps`
    pub async fn list(&self, query: Query) -> Result<Value, CallError> {
        self.instances().get_with(query).await
    }

    /// One; its secret is masked.
    ///
    /// `GET /admin/realms/{realm}/identity-provider/instances/{alias}`; python-keycloak `get_idp`
    pub async fn get(&self, alias: &str) -> Result<Value, CallError> {
        self.instances().child(alias).get().await
    }

    /// Makes one; gives back its alias. Keycloak takes no blank, `/`, `;`, `#`, `?`, `+` and the like in an alias.
    ///
    /// `POST /admin/realms/{realm}/identity-provider/instances`; python-keycloak `create_idp`
    pub async fn create(&self, provider: &Value) -> Result<String, CallError> {
        self.instances().create(provider).await
    }

    /// Replaces one. A masked secret stands for the one that is there. Since Keycloak 26.7 the alias cannot change; it may
    /// be left out, and is then sent for you, since Keycloak would take the alias away and never find the provider again.
    ///
    /// `PUT /admin/realms/{realm}/identity-provider/instances/{alias}`; python-keycloak `update_idp`
    pub async fn update(&self, alias: &str, provider: &Value) -> Result<(), CallError> {
        let mut provider = provider.clone();
        if let Some(members) = provider.as_object_mut() {
            members.entry("alias").or_insert_with(|| alias.into());
        }
        self.instances().child(alias).put(&provider).await.map(drop)
    }

    /// Removes one, with its mappers.
    ///
    /// `DELETE /admin/realms/{realm}/identity-provider/instances/{alias}`; python-keycloak `delete_idp`
    pub async fn delete(&self, alias: &str) -> Result<(), CallError> {
        self.instances().child(alias).delete().await
    }

    /// Reads the settings of a provider from its discovery document or metadata: `providerId` and `fromUrl`. Gives back
    /// what goes into `config`.
    ///
    /// `POST /admin/realms/{realm}/identity-provider/import-config`; python-keycloak: none
    pub async fn read_config(&self, source: &Value) -> Result<Value, CallError> {
        self.location.fixed("import-config").post(source).await
    }

    /// The kinds of mappers that a provider can have.
    ///
    /// `GET /admin/realms/{realm}/identity-provider/instances/{alias}/mapper-types`; python-keycloak: none
    pub async fn mapper_types(&self, alias: &str) -> Result<Value, CallError> {
        self.instances().child(alias).fixed("mapper-types").get().await
    }

    /// The mappers of a provider.
    ///
    /// `GET /admin/realms/{realm}/identity-provider/instances/{alias}/mappers`; python-keycloak `get_idp_mappers`
    pub async fn mappers(&self, alias: &str) -> Result<Value, CallError> {
        self.mappers_of(alias).get().await
    }

    /// One mapper of a provider.
    ///
    /// `GET /admin/realms/{realm}/identity-provider/instances/{alias}/mappers/{id}`; python-keycloak: none
    pub async fn mapper(&self, alias: &str, id: &str) -> Result<Value, CallError> {
        self.mappers_of(alias).child(id).get().await
    }

    /// Gives a provider a mapper; gives back its id.
    ///
    /// `POST /admin/realms/{realm}/identity-provider/instances/{alias}/mappers`; python-keycloak `add_mapper_to_idp`
    pub async fn add_mapper(&self, alias: &str, mapper: &Value) -> Result<String, CallError> {
        self.mappers_of(alias).create(mapper).await
    }

    /// Replaces a mapper of a provider.
    ///
    /// `PUT /admin/realms/{realm}/identity-provider/instances/{alias}/mappers/{id}`; python-keycloak `update_mapper_in_idp`
    pub async fn update_mapper(&self, alias: &str, id: &str, mapper: &Value) -> Result<(), CallError> {
        self.mappers_of(alias).child(id).put(mapper).await.map(drop)
    }

    /// Takes a mapper from a provider.
    ///
    /// `DELETE /admin/realms/{realm}/identity-provider/instances/{alias}/mappers/{id}`; python-keycloak: none
    pub async fn delete_mapper(&self, alias: &str, id: &str) -> Result<(), CallError> {
        self.mappers_of(alias).child(id).delete().await
    }

    fn instances(&self) -> Location {
        self.location.fixed("instances")
    }

    fn mappers_of(&self, alias: &str) -> Location {
        self.instances().child(alias).fixed("mappers")
    }
}

//! Client Scopes.

use serde_json::{Value, json};

use super::location::Location;
use super::protocol_mappers::ProtocolMappers;
use super::scope_mappings::ScopeMappings;
use crate::connection::{Body, CallError};

/// The client scopes of a realm, and which of them new clients get.
#[derive(Clone, Debug)]
pub struct ClientScopes {
    realm: Location,
}

impl ClientScopes {
    pub(super) fn new(realm: Location) -> Self {
        Self { realm }
    }

    /// All client scopes, in one list.
    ///
    /// `GET /admin/realms/{realm}/client-scopes`; python-keycloak `get_client_scopes`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.all().get().await
    }

    /// A client scope by its id.
    ///
    /// `GET /admin/realms/{realm}/client-scopes/{id}`; python-keycloak `get_client_scope`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.one(id).get().await
    }

    /// A client scope by its name: the server has no search, so the list is read.
    ///
    /// `GET /admin/realms/{realm}/client-scopes`; python-keycloak `get_client_scope_by_name`
    pub async fn find(&self, name: &str) -> Result<Option<Value>, CallError> {
        let Value::Array(scopes) = self.list().await? else { return Ok(None) };
        Ok(scopes.into_iter().find(|scope| text(scope, "name") == Some(name)))
    }

    /// The id of the client scope with a name.
    ///
    /// `GET /admin/realms/{realm}/client-scopes`; python-keycloak: none
    pub async fn id(&self, name: &str) -> Result<Option<String>, CallError> {
        let scope = self.find(name).await?;
        Ok(scope.as_ref().and_then(|scope| text(scope, "id")).map(str::to_owned))
    }

    /// Makes a client scope; gives back its id. The server takes names of the characters that OAuth has for scopes, without
    /// `/` and blanks.
    ///
    /// `POST /admin/realms/{realm}/client-scopes`; python-keycloak `create_client_scope`
    pub async fn create(&self, scope: &Value) -> Result<String, CallError> {
        self.all().create(scope).await
    }

    /// The id of the client scope with this name, which is made if it is not there. One that is there is left as it is.
    ///
    /// Several calls: looks for it, makes it, and looks again if somebody else was faster.
    ///
    /// `POST /admin/realms/{realm}/client-scopes`; python-keycloak: none
    pub async fn create_if_absent(&self, scope: &Value) -> Result<String, CallError> {
        let name = text(scope, "name").unwrap_or_default();
        if let Some(id) = self.id(name).await? {
            return Ok(id);
        }
        match self.create(scope).await {
            Err(error) if error.is_conflict() => self.id(name).await?.ok_or(error),
            result => result,
        }
    }

    /// Changes the members that are given; all others stay as they are.
    ///
    /// Where the name is not among them it is read first, since the server fails without it.
    ///
    /// `PUT /admin/realms/{realm}/client-scopes/{id}`; python-keycloak `update_client_scope`
    pub async fn update(&self, id: &str, changes: &Value) -> Result<(), CallError> {
        let mut scope = changes.clone();
        if let (None, Some(members)) = (text(changes, "name"), scope.as_object_mut()) {
            let current = self.get(id).await?;
            members.insert("name".to_owned(), json!(text(&current, "name")));
        }
        self.one(id).put(&scope).await.map(drop)
    }

    /// Deletes a client scope.
    ///
    /// `DELETE /admin/realms/{realm}/client-scopes/{id}`; python-keycloak `delete_client_scope`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.one(id).delete().await
    }

    /// The client scopes that new clients have always.
    ///
    /// `GET /admin/realms/{realm}/default-default-client-scopes`; python-keycloak `get_default_default_client_scopes`
    pub async fn list_default(&self) -> Result<Value, CallError> {
        self.defaults().get().await
    }

    /// Gives new clients a client scope for always.
    ///
    /// `PUT /admin/realms/{realm}/default-default-client-scopes/{id}`; python-keycloak `add_default_default_client_scope`
    pub async fn add_default(&self, id: &str) -> Result<(), CallError> {
        self.defaults().child(id).put_as(Body::Empty).await.map(drop)
    }

    /// Gives new clients a client scope no more.
    ///
    /// `DELETE /admin/realms/{realm}/default-default-client-scopes/{id}`; python-keycloak `delete_default_default_client_scope`
    pub async fn remove_default(&self, id: &str) -> Result<(), CallError> {
        self.defaults().child(id).delete().await
    }

    /// The client scopes that new clients may ask for.
    ///
    /// `GET /admin/realms/{realm}/default-optional-client-scopes`; python-keycloak `get_default_optional_client_scopes`
    pub async fn list_optional(&self) -> Result<Value, CallError> {
        self.optionals().get().await
    }

    /// Lets new clients ask for a client scope.
    ///
    /// `PUT /admin/realms/{realm}/default-optional-client-scopes/{id}`; python-keycloak `add_default_optional_client_scope`
    pub async fn add_optional(&self, id: &str) -> Result<(), CallError> {
        self.optionals().child(id).put_as(Body::Empty).await.map(drop)
    }

    /// Lets new clients ask for a client scope no more.
    ///
    /// `DELETE /admin/realms/{realm}/default-optional-client-scopes/{id}`; python-keycloak `delete_default_optional_client_scope`
    pub async fn remove_optional(&self, id: &str) -> Result<(), CallError> {
        self.optionals().child(id).delete().await
    }

    /// The protocol mappers of a client scope.
    pub fn mappers(&self, id: &str) -> ProtocolMappers {
        ProtocolMappers::new(self.one(id).fixed("protocol-mappers"))
    }

    /// The roles that a client scope lets into tokens.
    pub fn scope_mappings(&self, id: &str) -> ScopeMappings {
        ScopeMappings::new(self.one(id).fixed("scope-mappings"))
    }

    fn all(&self) -> Location {
        self.realm.fixed("client-scopes")
    }

    fn one(&self, id: &str) -> Location {
        self.all().child(id)
    }

    fn defaults(&self) -> Location {
        self.realm.fixed("default-default-client-scopes")
    }

    fn optionals(&self) -> Location {
        self.realm.fixed("default-optional-client-scopes")
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

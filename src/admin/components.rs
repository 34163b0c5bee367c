//! Component.

use serde_json::Value;

use super::location::Location;
use crate::connection::{CallError, Query};

/// The components of a realm: user storage, keys, registration policies. Their ids are not always UUIDs.
#[derive(Clone, Debug)]
pub struct Components {
    location: Location,
}

impl Components {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// Those of a `name`, a `parent` or a `type`, all without a query; secrets are masked.
    ///
    /// `GET /admin/realms/{realm}/components`; python-keycloak `get_components`
    pub async fn list(&self, query: Query) -> Result<Value, CallError> {
        self.location.get_with(query).await
    }

    /// One; secrets are masked.
    ///
    /// `GET /admin/realms/{realm}/components/{id}`; python-keycloak `get_component`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Makes one: `name`, `providerId`, `providerType`, and `config`, in which each value is a list. Gives back its id.
    ///
    /// `POST /admin/realms/{realm}/components`; python-keycloak `create_component`
    pub async fn create(&self, component: &Value) -> Result<String, CallError> {
        self.location.create(component).await
    }

    /// Changes the members that are given; `config` is replaced, and a mask in it stands for the secret that is there.
    ///
    /// Keycloak needs to be told what provider it is. If that is not given, the component is read first, since Keycloak
    /// would make half of the change and answer 500.
    ///
    /// `PUT /admin/realms/{realm}/components/{id}`; python-keycloak `update_component`
    pub async fn update(&self, id: &str, component: &Value) -> Result<(), CallError> {
        let place = self.location.child(id);
        if let Some(given) = component.as_object()
            && IDENTITY.iter().any(|name| !given.contains_key(*name))
            && let Value::Object(mut whole) = place.get().await?
        {
            whole.extend(given.clone());
            return place.put(&Value::Object(whole)).await.map(drop);
        }
        place.put(component).await.map(drop)
    }

    /// Removes one.
    ///
    /// `DELETE /admin/realms/{realm}/components/{id}`; python-keycloak `delete_component`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The kinds of components of a provider type that this one can have below it.
    ///
    /// `GET /admin/realms/{realm}/components/{id}/sub-component-types`; python-keycloak: none
    pub async fn kinds_below(&self, id: &str, provider_type: &str) -> Result<Value, CallError> {
        let query = Query::new().with("type", provider_type);
        self.location.child(id).fixed("sub-component-types").get_with(query).await
    }
}

/// The members that say what a component is.
const IDENTITY: [&str; 2] = ["providerId", "providerType"];

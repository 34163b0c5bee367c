//! Realms Admin: localization.

use serde_json::Value;

use super::location::Location;
use crate::connection::{Body, CallError};

/// The texts that a realm has of its own, by locale (`de`, `pt-BR`) and key.
#[derive(Clone, Debug)]
pub struct Localization {
    location: Location,
}

impl Localization {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The locales that have texts.
    ///
    /// `GET /admin/realms/{realm}/localization`; python-keycloak: none
    pub async fn locales(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// The texts of a locale, an object.
    ///
    /// `GET /admin/realms/{realm}/localization/{locale}`; python-keycloak: none
    pub async fn texts(&self, locale: &str) -> Result<Value, CallError> {
        self.location.child(locale).get().await
    }

    /// Adds texts to a locale; those of the same keys are replaced.
    ///
    /// `POST /admin/realms/{realm}/localization/{locale}`; python-keycloak: none
    pub async fn add(&self, locale: &str, texts: &Value) -> Result<(), CallError> {
        self.location.child(locale).post(texts).await.map(drop)
    }

    /// Removes all texts of a locale.
    ///
    /// `DELETE /admin/realms/{realm}/localization/{locale}`; python-keycloak: none
    pub async fn delete_locale(&self, locale: &str) -> Result<(), CallError> {
        self.location.child(locale).delete().await
    }

    /// A text.
    ///
    /// `GET /admin/realms/{realm}/localization/{locale}/{key}`; python-keycloak: none
    pub async fn get(&self, locale: &str, key: &str) -> Result<String, CallError> {
        self.location.child(locale).child(key).get_text().await
    }

    /// Sets a text.
    ///
    /// `PUT /admin/realms/{realm}/localization/{locale}/{key}`; python-keycloak: none
    pub async fn set(&self, locale: &str, key: &str, text: &str) -> Result<(), CallError> {
        let body = Body::Raw(text.to_owned().into(), Some("text/plain; charset=utf-8".to_owned()));
        self.location.child(locale).child(key).put_as(body).await.map(drop)
    }

    /// Removes a text.
    ///
    /// `DELETE /admin/realms/{realm}/localization/{locale}/{key}`; python-keycloak: none
    pub async fn delete(&self, locale: &str, key: &str) -> Result<(), CallError> {
        self.location.child(locale).child(key).delete().await
    }
}

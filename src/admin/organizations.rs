//! Organizations.

use bytes::Bytes;
use serde_json::Value;

use super::answer;
use super::location::Location;
use super::pages::Pages;
use crate::connection::{Body, CallError, Query};

/// The organizations of a realm, which must have `organizationsEnabled`. An organization is meant by its id.
#[derive(Clone, Debug)]
pub struct Organizations {
    location: Location,
}

impl Organizations {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All organizations, or those that the query picks: `search`, `exact`, `q`.
    ///
    /// `GET /admin/realms/{realm}/organizations`; python-keycloak `get_organizations`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// One organization.
    ///
    /// `GET /admin/realms/{realm}/organizations/{id}`; python-keycloak `get_organization`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Makes an organization; its id.
    ///
    /// `POST /admin/realms/{realm}/organizations`; python-keycloak `create_organization`
    pub async fn create(&self, organization: &Value) -> Result<String, CallError> {
        self.location.create(organization).await
    }

    /// Replaces an organization as a whole: what is left out is gone, and the alias, which cannot change, must be there.
    ///
    /// `PUT /admin/realms/{realm}/organizations/{id}`; python-keycloak `update_organization`
    pub async fn update(&self, id: &str, organization: &Value) -> Result<(), CallError> {
        self.location.child(id).put(organization).await.map(drop)
    }

    /// Removes an organization.
    ///
    /// `DELETE /admin/realms/{realm}/organizations/{id}`; python-keycloak `delete_organization`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The identity providers of an organization.
    ///
    /// `GET /admin/realms/{realm}/organizations/{id}/identity-providers`; python-keycloak `get_organization_idps`
    pub async fn identity_providers(&self, id: &str) -> Result<Value, CallError> {
        self.providers(id).get().await
    }

    /// Gives an organization an identity provider of the realm, which is meant by its alias.
    ///
    /// `POST /admin/realms/{realm}/organizations/{id}/identity-providers`; python-keycloak `organization_idp_add`
    pub async fn add_identity_provider(&self, id: &str, alias: &str) -> Result<(), CallError> {
        self.providers(id).post_as(bare(alias)).await.map(drop)
    }

    /// Takes an identity provider from an organization. The realm keeps it.
    ///
    /// `DELETE /admin/realms/{realm}/organizations/{id}/identity-providers/{alias}`; python-keycloak `organization_idp_remove`
    pub async fn remove_identity_provider(&self, id: &str, alias: &str) -> Result<(), CallError> {
        self.providers(id).child(alias).delete().await
    }

    /// The members of an organization.
    ///
    /// `GET /admin/realms/{realm}/organizations/{id}/members`; python-keycloak `get_organization_members`
    pub fn members(&self, id: &str, query: Query) -> Pages {
        self.people(id).pages(query)
    }

    /// How many members an organization has.
    ///
    /// `GET /admin/realms/{realm}/organizations/{id}/members/count`; python-keycloak `get_organization_members_count`
    pub async fn count_members(&self, id: &str) -> Result<u64, CallError> {
        answer::number(&self.people(id).fixed("count").get().await?)
    }

    /// Makes a user a member; a second time is a conflict (409).
    ///
    /// `POST /admin/realms/{realm}/organizations/{id}/members`; python-keycloak `organization_user_add`
    pub async fn add_member(&self, id: &str, user: &str) -> Result<(), CallError> {
        self.people(id).post_as(bare(user)).await.map(drop)
    }

    /// Makes a user a member no more.
    ///
    /// `DELETE /admin/realms/{realm}/organizations/{id}/members/{user}`; python-keycloak `organization_user_remove`
    pub async fn remove_member(&self, id: &str, user: &str) -> Result<(), CallError> {
        self.people(id).child(user).delete().await
    }

    /// The organizations that a user is a member of.
    ///
    /// `GET /admin/realms/{realm}/organizations/members/{user}/organizations`; python-keycloak `get_user_organizations`
    pub async fn of_user(&self, user: &str) -> Result<Value, CallError> {
        self.location.fixed("members").child(user).fixed("organizations").get().await
    }

    fn providers(&self, id: &str) -> Location {
        self.location.child(id).fixed("identity-providers")
    }

    fn people(&self, id: &str) -> Location {
        self.location.child(id).fixed("members")
    }
}

/// A text without quotes, which all versions take; the first ones took the quotes for a part of it.
fn bare(text: &str) -> Body {
    Body::Raw(Bytes::copy_from_slice(text.as_bytes()), Some("application/json".to_owned()))
}

//! Groups.

mod search;

use std::pin::Pin;

use serde_json::{Value, json};

use super::answer;
use super::location::Location;
use super::pages::Pages;
use super::removed;
use crate::connection::{CallError, Query};

/// The groups of a realm. A group is meant by its id; see [`Groups::by_path`].
///
/// Since Keycloak 23 a group comes without those below it; these are [`Groups::children`] or [`Groups::tree`]. Members come
/// and go by [`super::Users::join`] and [`super::Users::leave`], roles by [`super::Realm::group_roles`].
#[derive(Clone, Debug)]
pub struct Groups {
    realm: Location,
    location: Location,
}

impl Groups {
    pub(super) fn new(realm: Location) -> Self {
        let location = realm.fixed("groups");
        Self { realm, location }
    }

    /// The groups that have none above them, or with `search` or `q` in the query those that match or have a match below
    /// them.
    ///
    /// `GET /admin/realms/{realm}/groups`; python-keycloak `get_groups`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// How many groups there are; of the highest level only with `top=true` in the query.
    ///
    /// `GET /admin/realms/{realm}/groups/count`; python-keycloak `groups_count`
    pub async fn count(&self, query: Query) -> Result<u64, CallError> {
        let answer = self.location.fixed("count").get_with(query).await?;
        answer::number(answer.get("count").unwrap_or(&Value::Null))
    }

    /// One group, with attributes and roles.
    ///
    /// `GET /admin/realms/{realm}/groups/{id}`; python-keycloak `get_group`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// The groups right below a group.
    ///
    /// `GET /admin/realms/{realm}/groups/{id}/children`; python-keycloak `get_group_children`
    pub fn children(&self, id: &str, query: Query) -> Pages {
        self.location.child(id).fixed("children").pages(query)
    }

    /// All groups below a group, each with its own in `subGroups`. A list of children for each group that has any.
    pub async fn tree(&self, id: &str) -> Result<Vec<Value>, CallError> {
        let mut children = self.children(id, Query::new()).all().await?;
        for child in &mut children {
            self.fill(child).await?;
        }
        Ok(children)
    }

    /// Puts the groups below a group into its `subGroups`, however deep they are.
    pub async fn fill(&self, group: &mut Value) -> Result<(), CallError> {
        let is_leaf = group.get("subGroupCount").and_then(Value::as_u64) == Some(0);
        let below = if is_leaf { Vec::new() } else { self.boxed_tree(answer::text(group, "id")?).await? };
        if let Some(group) = group.as_object_mut() {
            group.insert("subGroups".to_owned(), Value::Array(below));
        }
        Ok(())
    }

    /// The members of a group.
    ///
    /// `GET /admin/realms/{realm}/groups/{id}/members`; python-keycloak `get_group_members`
    pub fn members(&self, id: &str, query: Query) -> Pages {
        self.location.child(id).fixed("members").pages(query)
    }

    /// Makes a group, on the highest level or below `parent`; its id. `subGroups` in the representation do nothing.
    ///
    /// `POST /admin/realms/{realm}/groups`; python-keycloak `create_group`
    pub async fn create(&self, group: &Value, parent: Option<&str>) -> Result<String, CallError> {
        match parent {
            Some(parent) => self.location.child(parent).fixed("children").create(group).await,
            None => self.location.create(group).await,
        }
    }

    /// Makes a group unless there is one of that name in that place; the id of the one or the other. The one that is there
    /// stays as it is.
    pub async fn create_if_absent(&self, group: &Value, parent: Option<&str>) -> Result<String, CallError> {
        let conflict = match self.create(group, parent).await {
            Err(error) if error.is_conflict() => error,
            result => return result,
        };
        let name = group.get("name").and_then(Value::as_str).unwrap_or_default();
        self.id_of(name, parent).await?.ok_or(conflict)
    }

    /// Changes a group; groups below it are not touched. `attributes`, if given, replace all attributes.
    ///
    /// `PUT /admin/realms/{realm}/groups/{id}`; python-keycloak `update_group`
    pub async fn update(&self, id: &str, group: &Value) -> Result<(), CallError> {
        self.location.child(id).put(group).await.map(drop)
    }

    /// Switches permissions of one group on or off, as fine-grained permissions had it in their first version. A server
    /// without them refuses, and the error says where they went.
    ///
    /// `PUT /admin/realms/{realm}/groups/{id}/management/permissions`; python-keycloak `group_set_permissions`
    pub async fn set_permissions(&self, id: &str, enabled: bool) -> Result<Value, CallError> {
        let permissions = self.location.child(id).fixed("management/permissions");
        permissions.put(&json!({"enabled": enabled})).await.map_err(removed::fine_grained_permissions)
    }

    /// Removes a group and all below it.
    ///
    /// `DELETE /admin/realms/{realm}/groups/{id}`; python-keycloak `delete_group`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// A future of a function that calls itself has no size of its own.
    fn boxed_tree<'a>(
        &'a self,
        id: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Value>, CallError>> + Send + 'a>> {
        Box::pin(self.tree(id))
    }
}

//! Users.

mod account;
mod profile_drops;

use futures_util::future::ready;
use futures_util::stream::TryStreamExt;
use serde_json::{Map, Value, json};

use super::answer;
use super::location::Location;
use super::pages::Pages;
use crate::connection::{Body, CallError, Query};

/// How many calls go out at once where one call per user is needed.
const AT_ONCE: usize = 8;

/// What the server takes away from a user when a change has attributes and these are not in it.
const LOST_WITH_ATTRIBUTES: [&str; 3] = ["firstName", "lastName", "email"];

/// The users of a realm. A user is meant by its id, not by its name; see [`Users::id`].
#[derive(Clone, Debug)]
pub struct Users {
    location: Location,
}

impl Users {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All users, or those that the query picks: `search`, `username`, `email`, `exact`, `enabled`, `q` and so on. The
    /// server orders them by name.
    ///
    /// `GET /admin/realms/{realm}/users`; python-keycloak `get_users`
    pub fn list(&self, query: Query) -> Pages {
        self.location.pages(query)
    }

    /// How many users the query picks.
    ///
    /// `GET /admin/realms/{realm}/users/count`; python-keycloak `users_count`
    pub async fn count(&self, query: Query) -> Result<u64, CallError> {
        answer::number(&self.location.fixed("count").get_with(query).await?)
    }

    /// The id of the user of that name; upper and lower case are the same. One call.
    ///
    /// `GET /admin/realms/{realm}/users`; python-keycloak `get_user_id`
    pub async fn id(&self, username: &str) -> Result<Option<String>, CallError> {
        let name = username.to_lowercase();
        let query = Query::new()
            .with("username", &name)
            .with("exact", true)
            .with("briefRepresentation", true)
            .with("max", 1);
        let found = self.list(query).all().await?;
        let user = found.iter().find(|user| text(user, "username") == Some(&name));
        user.map(|user| answer::text(user, "id").map(str::to_owned)).transpose()
    }

    /// One user.
    ///
    /// `GET /admin/realms/{realm}/users/{id}`; python-keycloak `get_user`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Makes a user, with what the representation holds of credentials, groups, attributes and required actions; its id.
    ///
    /// Since Keycloak 24 the realm's user profile drops attributes that it does not know. Where the representation has
    /// attributes, the user is read once more, and what was dropped goes to the log as a warning.
    ///
    /// `POST /admin/realms/{realm}/users`; python-keycloak `create_user`
    pub async fn create(&self, user: &Value) -> Result<String, CallError> {
        let id = self.location.create(user).await?;
        self.report_dropped(&id, user).await;
        Ok(id)
    }

    /// Makes a user unless there is one of that name; the id of the one or the other. The one that is there stays as it is.
    /// Where another user has the e-mail address, it is the conflict of [`Users::create`].
    pub async fn create_if_absent(&self, user: &Value) -> Result<String, CallError> {
        let refused = match self.create(user).await {
            Ok(id) => return Ok(id),
            // What is wrong with the rest of a representation is found before its name is looked for.
            Err(error) if error.is_conflict() || error.status() == Some(400) => error,
            Err(error) => return Err(error),
        };
        // In a realm where the address is the name, there is no other name.
        match text(user, "username").or_else(|| text(user, "email")) {
            Some(name) => self.id(name).await?.ok_or(refused),
            None => Err(refused),
        }
    }

    /// Changes a user. Members that are left out stay; `attributes`, if given, replace all attributes.
    ///
    /// The server takes first name, last name and e-mail away from a user when a change has `attributes` and not these. So
    /// such a change is read, merge and write: what is not in it is read first and sent along. To take a name away, give it
    /// as `null`. What the user profile drops of the attributes goes to the log as a warning.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}`; python-keycloak `update_user`
    pub async fn update(&self, id: &str, changes: &Value) -> Result<(), CallError> {
        let user = self.location.child(id);
        let merged = match changes {
            Value::Object(members) if changes.get("attributes").is_some() && loses(members) => {
                merge(members, &user.get().await?)
            }
            whole => whole.clone(),
        };
        user.put(&merged).await?;
        self.report_dropped(id, changes).await;
        Ok(())
    }

    /// Lets a user log in.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}`; python-keycloak `enable_user`
    pub async fn enable(&self, id: &str) -> Result<(), CallError> {
        self.switch(id, true).await
    }

    /// Lets a user not log in any more. Sessions that there are stay; see [`Users::logout`].
    ///
    /// `PUT /admin/realms/{realm}/users/{id}`; python-keycloak `disable_user`
    pub async fn disable(&self, id: &str) -> Result<(), CallError> {
        self.switch(id, false).await
    }

    /// Enables every user that is disabled, some at once; how many there were. It stops at the first error, and what is
    /// done by then stays; calling it again goes on.
    ///
    /// Several calls: the list, and one per user.
    ///
    /// `GET /admin/realms/{realm}/users`; python-keycloak `enable_all_users`
    pub async fn enable_all(&self) -> Result<usize, CallError> {
        self.switch_all(true).await
    }

    /// Disables every user that is enabled, some at once; how many there were. It stops at the first error, and what is
    /// done by then stays; calling it again goes on.
    ///
    /// Several calls: the list, and one per user.
    ///
    /// `GET /admin/realms/{realm}/users`; python-keycloak `disable_all_users`
    pub async fn disable_all(&self) -> Result<usize, CallError> {
        self.switch_all(false).await
    }

    /// Removes a user.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}`; python-keycloak `delete_user`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// The groups that a user is in, by itself and not by a group below them. With `briefRepresentation=false` in the
    /// query, with their attributes.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/groups`; python-keycloak `get_user_groups`
    pub fn groups(&self, id: &str, query: Query) -> Pages {
        self.location.child(id).fixed("groups").pages(query)
    }

    /// Puts a user into a group; it may be there already.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}/groups/{group}`; python-keycloak `group_user_add`
    pub async fn join(&self, id: &str, group: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("groups").child(group).put_as(Body::Empty).await.map(drop)
    }

    /// Takes a user out of a group.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/groups/{group}`; python-keycloak `group_user_remove`
    pub async fn leave(&self, id: &str, group: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("groups").child(group).delete().await
    }

    async fn switch(&self, id: &str, enabled: bool) -> Result<(), CallError> {
        self.location.child(id).put(&json!({"enabled": enabled})).await.map(drop)
    }

    async fn switch_all(&self, enabled: bool) -> Result<usize, CallError> {
        self.list(Query::new().with("briefRepresentation", true))
            .stream()
            .try_filter(|user| ready(user.get("enabled").and_then(Value::as_bool) != Some(enabled)))
            .map_ok(|user| async move { self.switch(answer::text(&user, "id")?, enabled).await })
            .try_buffer_unordered(AT_ONCE)
            .try_fold(0, |count, ()| ready(Ok(count + 1)))
            .await
    }
}

fn text<'a>(user: &'a Value, member: &str) -> Option<&'a str> {
    user.get(member).and_then(Value::as_str)
}

fn loses(changes: &Map<String, Value>) -> bool {
    LOST_WITH_ATTRIBUTES.iter().any(|name| !gives(changes, name))
}

/// Whether a change has this member, itself or among its attributes.
fn gives(changes: &Map<String, Value>, name: &str) -> bool {
    let attributes = changes.get("attributes").and_then(Value::as_object);
    changes.contains_key(name) || attributes.is_some_and(|attributes| attributes.contains_key(name))
}

fn merge(changes: &Map<String, Value>, current: &Value) -> Value {
    let mut merged = changes.clone();
    for name in LOST_WITH_ATTRIBUTES {
        if let Some(value) = current.get(name).filter(|_| !gives(changes, name)) {
            merged.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(merged)
}

//! Authentication Management: required actions.

use serde_json::Value;

use super::location::Location;
use crate::connection::CallError;

/// What users can be asked to do at their next login.
#[derive(Clone, Debug)]
pub struct RequiredActions {
    location: Location,
}

impl RequiredActions {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// All of them.
    ///
    /// `GET /admin/realms/{realm}/authentication/required-actions`; python-keycloak `get_required_actions`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// The one of this alias, if there is one.
    ///
    /// `GET /admin/realms/{realm}/authentication/required-actions`; python-keycloak `get_required_action_by_alias`
    pub async fn find(&self, alias: &str) -> Result<Option<Value>, CallError> {
        let actions = self.list().await?;
        let mut actions = actions.as_array().into_iter().flatten();
        Ok(actions.find(|action| action.get("alias").and_then(Value::as_str) == Some(alias)).cloned())
    }

    /// Replaces one: its name, whether it is on, whether new users are asked.
    ///
    /// `PUT /admin/realms/{realm}/authentication/required-actions/{alias}`; python-keycloak `update_required_action`
    pub async fn update(&self, alias: &str, action: &Value) -> Result<(), CallError> {
        self.location.child(alias).put(action).await.map(drop)
    }
}

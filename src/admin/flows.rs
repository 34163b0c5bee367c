//! Authentication Management: flows.

use serde_json::{Value, json};

use super::location::Location;
use crate::connection::CallError;

/// The authentication flows of a realm. Those at the top have an id and an alias; their executions are reached by alias,
/// all else by id.
#[derive(Clone, Debug)]
pub struct Flows {
    location: Location,
}

impl Flows {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The flows at the top.
    ///
    /// `GET /admin/realms/{realm}/authentication/flows`; python-keycloak `get_authentication_flows`
    pub async fn list(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// A flow.
    ///
    /// `GET /admin/realms/{realm}/authentication/flows/{id}`; python-keycloak `get_authentication_flow_for_id`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Makes an empty flow; gives back its id. Keycloak takes no `/`, `;`, `#`, `?`, `+` and the like in an alias.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows`; python-keycloak `create_authentication_flow`
    pub async fn create(&self, flow: &Value) -> Result<String, CallError> {
        self.location.create(flow).await
    }

    /// Makes an empty flow unless one of this alias is there, which then stays as it is; gives back its id.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows`; python-keycloak `create_authentication_flow`
    pub async fn create_if_absent(&self, flow: &Value) -> Result<String, CallError> {
        match self.create(flow).await {
            Err(error) if error.is_conflict() => id_in(&self.list().await?, "alias", flow, "id").ok_or(error),
            result => result,
        }
    }

    /// Changes alias or description of a flow.
    ///
    /// `PUT /admin/realms/{realm}/authentication/flows/{id}`; python-keycloak `update_authentication_flow`
    pub async fn update(&self, id: &str, flow: &Value) -> Result<(), CallError> {
        self.location.child(id).put(flow).await.map(drop)
    }

    /// Removes a flow with what is in it; those that Keycloak brings cannot be removed.
    ///
    /// `DELETE /admin/realms/{realm}/authentication/flows/{id}`; python-keycloak `delete_authentication_flow`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// Copies a flow under another alias; gives back the id of the copy.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows/{alias}/copy`; python-keycloak `copy_authentication_flow`
    pub async fn copy(&self, alias: &str, new_alias: &str) -> Result<String, CallError> {
        self.location.child(alias).fixed("copy").create(&json!({"newName": new_alias})).await
    }

    /// The executions of a flow and of the flows in it, in one list; `level` and `index` say where each stands.
    ///
    /// `GET /admin/realms/{realm}/authentication/flows/{alias}/executions`; python-keycloak `get_authentication_flow_executions`
    pub async fn executions(&self, alias: &str) -> Result<Value, CallError> {
        self.location.child(alias).fixed("executions").get().await
    }

    /// Changes an execution, found by its `id`: its `requirement`, and the alias of a flow in a flow, `displayName`.
    ///
    /// `PUT /admin/realms/{realm}/authentication/flows/{alias}/executions`; python-keycloak `update_authentication_flow_executions`
    pub async fn update_execution(&self, alias: &str, execution: &Value) -> Result<(), CallError> {
        self.location.child(alias).fixed("executions").put(execution).await.map(drop)
    }

    /// Adds an execution, by its `provider`, at the end of a flow; gives back its id.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows/{alias}/executions/execution`; python-keycloak `create_authentication_flow_execution`
    pub async fn add_execution(&self, alias: &str, execution: &Value) -> Result<String, CallError> {
        self.location.child(alias).fixed("executions/execution").create(execution).await
    }

    /// Adds a flow at the end of a flow; gives back its id.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows/{alias}/executions/flow`; python-keycloak `create_authentication_flow_subflow`
    pub async fn add_subflow(&self, alias: &str, flow: &Value) -> Result<String, CallError> {
        self.location.child(alias).fixed("executions/flow").create(flow).await
    }

    /// Adds a flow at the end of a flow unless one of its alias is in there; gives back its id. One of this alias
    /// elsewhere in the realm is a conflict.
    ///
    /// `POST /admin/realms/{realm}/authentication/flows/{alias}/executions/flow`; python-keycloak `create_authentication_flow_subflow`
    pub async fn add_subflow_if_absent(&self, alias: &str, flow: &Value) -> Result<String, CallError> {
        match self.add_subflow(alias, flow).await {
            Err(error) if error.is_conflict() => {
                id_in(&self.executions(alias).await?, "displayName", flow, "flowId").ok_or(error)
            }
            result => result,
        }
    }
}

/// The id of the item in a list whose `name` is the alias of the flow.
fn id_in(items: &Value, name: &str, flow: &Value, id: &str) -> Option<String> {
    let alias = flow.get("alias")?;
    let mut same = items.as_array()?.iter().filter(|item| item.get(name) == Some(alias));
    same.find_map(|item| item.get(id)?.as_str()).map(str::to_owned)
}

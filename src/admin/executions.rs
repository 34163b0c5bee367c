//! Authentication Management: the steps of flows.

use serde_json::Value;

use super::location::Location;
use crate::connection::{Body, CallError};

/// The executions of all flows of a realm, by id. They are listed, added and changed by their flow:
/// [`Flows`](super::Flows).
#[derive(Clone, Debug)]
pub struct Executions {
    location: Location,
}

impl Executions {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// An execution.
    ///
    /// `GET /admin/realms/{realm}/authentication/executions/{id}`; python-keycloak `get_authentication_flow_execution`
    pub async fn get(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).get().await
    }

    /// Takes an execution out of its flow.
    ///
    /// `DELETE /admin/realms/{realm}/authentication/executions/{id}`; python-keycloak `delete_authentication_flow_execution`
    pub async fn delete(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).delete().await
    }

    /// Moves an execution in its flow, towards the front if `steps` is above zero, else towards the end. A call for each
    /// step; at the end of the flow it stays.
    ///
    /// `POST /admin/realms/{realm}/authentication/executions/{id}/raise-priority`; python-keycloak `change_execution_priority`
    pub async fn change_priority(&self, id: &str, steps: i32) -> Result<(), CallError> {
        let verb = if steps > 0 { "raise-priority" } else { "lower-priority" };
        for _ in 0..steps.unsigned_abs() {
            self.location.child(id).fixed(verb).post_as(Body::Empty).await?;
        }
        Ok(())
    }

    /// Gives an execution settings of its own: `alias` and `config`; gives back their id, by which
    /// [`Authenticators`](super::Authenticators) has them.
    ///
    /// `POST /admin/realms/{realm}/authentication/executions/{id}/config`; python-keycloak `create_execution_config`
    pub async fn create_config(&self, id: &str, config: &Value) -> Result<String, CallError> {
        self.location.child(id).fixed("config").create(config).await
    }
}

//! Roles of clients.

use serde_json::{Map, Value};

use super::{Step, role};
use crate::admin::Realm;
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::Kind;
use crate::connection::Query;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let mut steps = Vec::new();
    for client in desired.clients.iter().filter(|client| client.wanted.present && !client.roles.is_empty()) {
        let label = client.wanted.label();
        // Before its client is made, a role is new.
        let id = realm.clients().id(label).await?;
        let there = match &id {
            Some(id) => {
                let query = Query::new().with("briefRepresentation", false);
                role::by_name(realm.client_roles(id).list(query).all().await?)
            }
            None => Map::new(),
        };
        for wanted in &client.roles {
            let found = there.get(&wanted.name).and_then(Value::as_object);
            let (name, id) = (format!("{label}/{}", wanted.name), id.clone().unwrap_or_default());
            let roles = move |realm: &Realm| realm.client_roles(&id);
            let owner = desired.owner.as_deref();
            steps.push(role::step(Kind::ClientRole, &name, wanted, found, owner, roles));
        }
    }
    Ok(steps)
}

//! Clients.

use serde_json::{Map, Value};

use super::Step;
use crate::admin::Realm;
use crate::bootstrap::client::{ClientPlan, object};
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};
use crate::connection::Query;

/// From so many clients on, all of the realm are read at once.
const MANY: usize = 4;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let all = if desired.clients.len() < MANY { None } else { Some(all(realm).await?) };
    let mut steps = Vec::new();
    for client in &desired.clients {
        let wanted = &client.wanted;
        let plan = match (&all, &wanted.id, &wanted.client_id) {
            (Some(all), None, Some(name)) => {
                ClientPlan::compare(realm, wanted, all.get(name).cloned().map(object)).await?
            }
            _ => ClientPlan::make(realm, wanted).await?,
        };
        let mut item = match plan.action {
            Action::Keep => Item::keep(Kind::Client, wanted.label()),
            action => Item::act(Kind::Client, wanted.label(), action, plan.changes.clone()),
        };
        item.notes.clone_from(&plan.notes);
        steps.push(Step::new(item, |realm| async move { plan.apply(&realm).await.map(drop) }));
    }
    Ok(steps)
}

/// The clients of the realm, by name.
async fn all(realm: &Realm) -> Result<Map<String, Value>, BootstrapError> {
    let clients = realm.clients().list(Query::new()).all().await?.into_iter();
    Ok(clients.filter_map(|client| Some((client.get("clientId")?.as_str()?.to_owned(), client))).collect())
}

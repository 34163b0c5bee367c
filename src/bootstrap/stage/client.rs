//! Clients.

use super::Step;
use crate::admin::Realm;
use crate::bootstrap::authorization;
use crate::bootstrap::client::ClientPlan;
use crate::bootstrap::clients::Clients;
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let clients = Clients::of(realm, desired.clients.len()).await?;
    let mut steps = Vec::new();
    for client in &desired.clients {
        // Policies come later: see their own stage.
        let wanted = &authorization::without_policies(&client.wanted);
        let plan = ClientPlan::among(realm, wanted, clients.as_ref()).await?;
        let mut item = match plan.action {
            Action::Keep => Item::keep(Kind::Client, wanted.label()),
            action => Item::act(Kind::Client, wanted.label(), action, plan.changes.clone()),
        };
        item.notes.clone_from(&plan.notes);
        steps.push(Step::new(item, |realm| async move { plan.apply(&realm).await.map(drop) }));
    }
    Ok(steps)
}

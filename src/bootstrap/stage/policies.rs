//! Policies and permissions of clients.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Map, Value};

use super::Step;
use crate::admin::Realm;
use crate::bootstrap::authorization::{self, AuthorizationPlan};
use crate::bootstrap::client;
use crate::bootstrap::clients::Clients;
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};
use crate::bootstrap::plan::AT_A_TIME;
use crate::bootstrap::task::WantedClient;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let wanted = desired.clients.iter().map(|client| &client.wanted).filter(|wanted| wanted.present);
    let wanted: Vec<_> =
        wanted.filter_map(|wanted| Some((wanted, authorization::policies(wanted)?))).collect();
    let clients = Clients::of(realm, wanted.len()).await?;
    let mut steps = Vec::with_capacity(wanted.len());
    for (wanted, policies) in wanted {
        steps.push(step(realm, wanted, policies, clients.as_ref()));
    }
    // Each is a costly call.
    stream::iter(steps).buffered(AT_A_TIME).try_collect().await
}

async fn step(
    realm: &Realm,
    wanted: &WantedClient,
    policies: Map<String, Value>,
    clients: Option<&Clients>,
) -> Result<Step, BootstrapError> {
    // Before its client is made, a policy is new.
    let there = client::find(realm, wanted, clients).await?.unwrap_or_default();
    let plan = AuthorizationPlan::of(realm, &there, &policies).await?;
    if plan.changes().is_empty() {
        return Ok(Step::keep(Kind::Policies, wanted.label()));
    }
    let item = Item::act(Kind::Policies, wanted.label(), Action::Update, plan.changes().to_vec());
    let id = there.get("id").and_then(Value::as_str).map(str::to_owned);
    let label = wanted.label().to_owned();
    Ok(Step::new(item, |realm| async move {
        let id = id.ok_or(BootstrapError::NoClient(label))?;
        plan.apply(&realm, &id).await
    }))
}

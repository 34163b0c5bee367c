//! What a client's own account may do.

use serde_json::Value;

use super::Step;
use super::mapping::{Missing, give, holds};
use crate::admin::Realm;
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let mut steps = Vec::new();
    let clients =
        desired.clients.iter().filter(|client| client.wanted.present && !client.service_account.is_empty());
    for client in clients {
        let label = client.wanted.label();
        let there = match account(realm, label).await? {
            Some(account) => realm.user_roles(&account).all().await?,
            None => Value::Null,
        };
        let missing = Missing::of(&client.service_account, |client, role| holds(&there, client, role));
        if missing.is_empty() {
            steps.push(Step::keep(Kind::ServiceAccount, label));
            continue;
        }
        let item = Item::act(Kind::ServiceAccount, label, Action::Update, missing.changes());
        let label = label.to_owned();
        steps.push(Step::new(item, |realm| async move {
            let account = account(&realm, &label).await?;
            let account = account.ok_or_else(|| BootstrapError::NoServiceAccount(label.clone()))?;
            give(&realm, &realm.user_roles(&account), &missing).await
        }));
    }
    Ok(steps)
}

/// The id of the user that a client is; none if the client is not there, or has no account.
async fn account(realm: &Realm, client: &str) -> Result<Option<String>, BootstrapError> {
    let Some(id) = realm.clients().id(client).await? else { return Ok(None) };
    match realm.clients().service_account_user(&id).await {
        Ok(user) => Ok(user.get("id").and_then(Value::as_str).map(str::to_owned)),
        Err(error) if matches!(error.status(), Some(400 | 404)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

//! The roles of a group's members.

use serde_json::Value;

use super::Step;
use super::mapping::{Missing, give, holds};
use crate::admin::Realm;
use crate::bootstrap::desired::{Desired, State};
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::{Action, Item, Kind};

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    let mut steps = Vec::new();
    let groups =
        desired.groups.iter().filter(|group| group.state == State::Present && !group.roles.is_empty());
    for wanted in groups {
        let path = wanted.path.as_str();
        let there = match id(realm, path).await? {
            Some(id) => realm.group_roles(&id).all().await?,
            // It is made in this very plan.
            None => Value::Null,
        };
        let missing = Missing::of(&wanted.roles, |client, role| holds(&there, client, role));
        if missing.is_empty() {
            steps.push(Step::keep(Kind::GroupRoles, path));
            continue;
        }
        let item = Item::act(Kind::GroupRoles, path, Action::Update, missing.changes());
        let path = path.to_owned();
        steps.push(Step::new(item, |realm| async move {
            let id = id(&realm, &path).await?.ok_or(BootstrapError::NoGroup(path))?;
            give(&realm, &realm.group_roles(&id), &missing).await
        }));
    }
    Ok(steps)
}

async fn id(realm: &Realm, path: &str) -> Result<Option<String>, BootstrapError> {
    let group = realm.groups().by_path(path).await?;
    Ok(group.as_ref().and_then(|group| group.get("id")).and_then(Value::as_str).map(str::to_owned))
}

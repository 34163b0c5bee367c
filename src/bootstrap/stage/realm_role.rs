//! Realm roles.

use serde_json::Value;

use super::{Step, role};
use crate::admin::Realm;
use crate::bootstrap::desired::Desired;
use crate::bootstrap::error::BootstrapError;
use crate::bootstrap::item::Kind;
use crate::connection::Query;

pub(super) async fn steps(realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    if desired.realm_roles.is_empty() {
        return Ok(Vec::new());
    }
    let query = Query::new().with("briefRepresentation", false);
    let there = role::by_name(realm.roles().list(query).all().await?);
    let steps = desired.realm_roles.iter().map(|wanted| {
        let found = there.get(&wanted.name).and_then(Value::as_object);
        role::step(Kind::RealmRole, &wanted.name, wanted, found, desired.owner.as_deref(), Realm::roles)
    });
    Ok(steps.collect())
}

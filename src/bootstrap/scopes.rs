//! Client scopes of a client that is there: its PUT does not look at them, so each is given and taken on its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::change::Change;
use super::error::BootstrapError;
use super::task::{ScopesBehavior, WantedClient};
use crate::admin::Realm;

const DEFAULT: &str = "defaultClientScopes";
const OPTIONAL: &str = "optionalClientScopes";

/// What has to be given and taken, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct ScopeMoves {
    default: Moves,
    optional: Moves,
}

#[derive(Clone, Debug, Default)]
struct Moves {
    before: BTreeSet<String>,
    after: BTreeSet<String>,
}

impl ScopeMoves {
    pub(super) fn between(
        existing: &Map<String, Value>,
        wanted: &WantedClient,
    ) -> Result<Self, BootstrapError> {
        if wanted.scopes == ScopesBehavior::Ignore {
            return Ok(Self::default());
        }
        let moves = |list: &str| {
            let before = names(existing.get(list));
            let given = wanted.fields.get(list).map(|list| names(Some(list)));
            let after = match (given, wanted.scopes) {
                (None, _) => before.clone(),
                (Some(given), ScopesBehavior::Patch) => before.union(&given).cloned().collect(),
                (Some(given), _) => given,
            };
            Moves { before, after }
        };
        let (mut default, mut optional) = (moves(DEFAULT), moves(OPTIONAL));
        if let Some(both) =
            names(wanted.fields.get(DEFAULT)).intersection(&names(wanted.fields.get(OPTIONAL))).next()
        {
            return Err(BootstrapError::ScopeTwice(both.clone()));
        }
        // One that is given on one side leaves the other.
        let given = |list: &str| names(wanted.fields.get(list));
        optional.after = optional.after.difference(&given(DEFAULT)).cloned().collect();
        default.after = default.after.difference(&given(OPTIONAL)).cloned().collect();
        Ok(Self { default, optional })
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        let list = |names: &BTreeSet<String>| Some(Value::from_iter(names.iter().map(String::as_str)));
        let sides = [(DEFAULT, &self.default), (OPTIONAL, &self.optional)];
        let changed = sides.into_iter().filter(|(_, moves)| moves.before != moves.after);
        changed
            .map(|(path, moves)| Change {
                path: path.to_owned(),
                before: list(&moves.before),
                after: list(&moves.after),
            })
            .collect()
    }

    /// Whether a change is one of those that [`Self::make`] sees to.
    pub(super) fn is_about(change: &Change) -> bool {
        change.path == DEFAULT || change.path == OPTIONAL
    }

    /// Takes first, as a scope has one side only. Names are matched without case; one that the realm has not is an error
    /// of the next comparison, not of this one.
    pub(super) async fn make(&self, realm: &Realm, client: &str) -> Result<(), BootstrapError> {
        if self.changes().is_empty() {
            return Ok(());
        }
        let scopes = realm.client_scopes().list().await?;
        let id = |name: &str| {
            let same = |scope: &&Value| {
                scope.get("name").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(name))
            };
            let found = scopes.as_array().into_iter().flatten().find(same);
            found.and_then(|scope| scope.get("id")).and_then(Value::as_str).map(str::to_owned)
        };
        let clients = realm.clients();
        for name in self.default.before.difference(&self.default.after) {
            if let Some(id) = id(name) {
                clients.remove_default_scope(client, &id).await?;
            }
        }
        for name in self.optional.before.difference(&self.optional.after) {
            if let Some(id) = id(name) {
                clients.remove_optional_scope(client, &id).await?;
            }
        }
        for name in self.default.after.difference(&self.default.before) {
            if let Some(id) = id(name) {
                clients.add_default_scope(client, &id).await?;
            }
        }
        for name in self.optional.after.difference(&self.optional.before) {
            if let Some(id) = id(name) {
                clients.add_optional_scope(client, &id).await?;
            }
        }
        Ok(())
    }
}

fn names(list: Option<&Value>) -> BTreeSet<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

//! The clients of a realm, read at once where many are wanted: a page of them costs the server about as much as ten that are
//! looked up one by one.

use futures_util::TryStreamExt;
use futures_util::stream::StreamExt;
use serde_json::{Map, Value};

use super::client::object;
use super::error::BootstrapError;
use crate::admin::{PAGE_SIZE, Realm};
use crate::connection::Query;

/// From so many clients on they are read at once.
const MANY: usize = 4;

/// What one page costs, in clients that are looked up.
const LOOKUPS: usize = 10;

/// Clients, by name, as they were when they were read.
#[derive(Debug)]
pub(super) struct Clients(Map<String, Value>);

impl Clients {
    /// All of the realm. `None` if so few are `wanted` that it is better to look for each: because they are few, or because
    /// the realm has so many.
    pub(super) async fn of(realm: &Realm, wanted: usize) -> Result<Option<Self>, BootstrapError> {
        if wanted < MANY {
            return Ok(None);
        }
        let most = wanted.div_ceil(LOOKUPS) * PAGE_SIZE;
        let all: Vec<Value> = realm.clients().list(Query::new()).stream().take(most).try_collect().await?;
        if all.len() == most {
            return Ok(None);
        }
        let named = all.into_iter();
        let named = named.filter_map(|client| Some((client.get("clientId")?.as_str()?.to_owned(), client)));
        Ok(Some(Self(named.collect())))
    }

    /// The one of this name.
    pub(super) fn get(&self, name: &str) -> Option<Map<String, Value>> {
        self.0.get(name).cloned().map(object)
    }
}

//! The configuration of policies: texts, with JSON inside.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::authz::verdict::Cause;

/// A list that stands as JSON inside a text; absent is empty.
pub(in crate::authz) fn list<T: DeserializeOwned>(
    config: &BTreeMap<String, String>,
    name: &str,
) -> Result<Vec<T>, Cause> {
    match config.get(name) {
        Some(text) => serde_json::from_str(text).map_err(|_| Cause::ConfigUnreadable),
        None => Ok(Vec::new()),
    }
}

/// A switch that stands as a text, as Java reads it: `true` in any case, else off.
pub(super) fn switch(config: &BTreeMap<String, String>, name: &str) -> bool {
    config.get(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

//! Whether two exports say the same: Keycloak writes their lists in no stable order.

use serde_json::Value;

use crate::oidc::{AuthorizationExport, ExportedResource};

/// What an export says, in an order of its own.
#[derive(PartialEq)]
pub(super) struct Fingerprint {
    settings: Value,
    client: String,
    resources: Vec<ExportedResource>,
}

impl Fingerprint {
    pub(super) fn of(export: &AuthorizationExport) -> Result<Self, String> {
        let settings: Value = serde_json::from_slice(&export.settings)
            .map_err(|error| format!("not JSON, at line {} and column {}", error.line(), error.column()))?;
        Ok(Self {
            settings: ordered(settings),
            client: export.client.clone(),
            resources: export.resources.clone(),
        })
    }
}

/// Lists sorted, also those inside texts, as the configuration of policies has them.
fn ordered(value: Value) -> Value {
    match value {
        Value::Array(values) => {
            let mut values: Vec<Value> = values.into_iter().map(ordered).collect();
            values.sort_by_cached_key(Value::to_string);
            Value::Array(values)
        }
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, ordered(value))).collect())
        }
        Value::String(text) if text.starts_with('[') => match serde_json::from_str(&text) {
            Ok(list @ Value::Array(_)) => ordered(list),
            _ => Value::String(text),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests;

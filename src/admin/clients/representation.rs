//! What is sent for a client.

use serde_json::{Map, Value, json};

/// Members of a representation that an update leaves out unless they are given: what the server ignores in it, what it may
/// mask, and what has places of its own, where somebody may change it between our reading and writing.
const OWN_PLACE: [&str; 7] = [
    "access",
    "authorizationSettings",
    "defaultClientScopes",
    "optionalClientScopes",
    "protocolMappers",
    "registrationAccessToken",
    "secret",
];

/// Members that are maps, of which an update changes single entries.
const MAPS: [&str; 2] = ["attributes", "authenticationFlowBindingOverrides"];

/// A new client, not open by what it does not say.
pub(super) fn closed(client: &Value) -> Value {
    let mut client = client.clone();
    if let Some(members) = client.as_object_mut() {
        // In a client without a protocol `null` is as good as `false`; with one it is as good as `true`.
        if absent(members, "publicClient") {
            members.insert("publicClient".to_owned(), json!(false));
            if absent(members, "directAccessGrantsEnabled") {
                members.insert("directAccessGrantsEnabled".to_owned(), json!(false));
            }
        }
        if wants_service_account(members) {
            members.insert("serviceAccountsEnabled".to_owned(), json!(true));
        }
    }
    client
}

/// What is to be written so that only the changes change.
pub(super) fn merged(current: Value, changes: &Value) -> Value {
    let (Value::Object(mut members), Some(changes)) = (current, changes.as_object()) else {
        return changes.clone();
    };
    members.retain(|name, _| !OWN_PLACE.contains(&name.as_str()));
    for (name, value) in changes.iter().filter(|(_, value)| !value.is_null()) {
        match (members.get_mut(name), value) {
            (Some(Value::Object(map)), Value::Object(entries)) if MAPS.contains(&name.as_str()) => {
                map.extend(entries.clone());
            }
            _ => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
    if wants_service_account(changes) {
        members.insert("serviceAccountsEnabled".to_owned(), json!(true));
    }
    Value::Object(members)
}

/// Whether authorization services are turned on and nothing is said of the service account, without which the server answers
/// with 500.
fn wants_service_account(given: &Map<String, Value>) -> bool {
    given.get("authorizationServicesEnabled") == Some(&Value::Bool(true))
        && absent(given, "serviceAccountsEnabled")
}

fn absent(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name).is_none_or(Value::is_null)
}

#[cfg(test)]
mod tests;

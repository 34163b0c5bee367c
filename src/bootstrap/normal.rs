//! A client's representation in the form in which two of them are compared: what Keycloak sorts, defaults, masks or turns
//! into texts is no difference.

use serde_json::{Map, Value};

/// Lists whose order means nothing.
const SETS: &[&str] = &["redirectUris", "webOrigins", "defaultClientScopes", "optionalClientScopes"];

/// Members that the server does not give back, or that are compared by other means: roles, authorization settings, what
/// Keycloak dropped with client templates.
pub(super) const APART: &[&str] = &[
    "id",
    "registrationAccessToken",
    "defaultRoles",
    "authorizationSettings",
    "clientTemplate",
    "useTemplateConfig",
    "useTemplateScope",
    "useTemplateMappers",
    // Who asks, not what is there.
    "access",
];

/// Ten asterisks or more: a secret that is not shown.
pub(super) fn is_mask(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() >= 10 && text.bytes().all(|byte| byte == b'*'))
}

/// Whether the order of this list means nothing.
pub(super) fn is_set(name: &str) -> bool {
    SETS.contains(&name)
}

/// The normal form of a client, with the members that stand for nothing.
pub(super) fn normal(client: &Map<String, Value>) -> Map<String, Value> {
    let mut out = given(client);
    let defaults = SETS.iter().chain(&["protocolMappers"]).map(|name| (*name, Value::Array(Vec::new())));
    let objects = ["attributes", "authenticationFlowBindingOverrides", "registeredNodes"];
    let defaults = defaults.chain(objects.into_iter().map(|name| (name, Value::Object(Map::new()))));
    for (name, value) in defaults.chain([("authorizationServicesEnabled", Value::Bool(false))]) {
        out.entry(name).or_insert(value);
    }
    out
}

/// The normal form of just those members that are there.
pub(super) fn given(client: &Map<String, Value>) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in client {
        if APART.contains(&name.as_str()) || value.is_null() {
            continue;
        }
        let value = match name.as_str() {
            "attributes" => attributes(value),
            "protocolMappers" => mappers(value),
            "authenticationFlowBindingOverrides" => without_empty(value),
            set if SETS.contains(&set) => sorted(value),
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    out
}

/// A scalar as the text that Keycloak makes of it.
pub(super) fn text(value: &Value) -> Value {
    match value {
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        _ => value.clone(),
    }
}

/// The representation of a list in its order.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items = items.clone();
            items.sort_by_key(Value::to_string);
            items.dedup();
            Value::Array(items)
        }
        _ => value.clone(),
    }
}

fn attributes(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let kept = members.iter().filter(|(name, value)| {
        *name != "client.secret.creation.time" && !value.is_null() && value.as_str() != Some("")
    });
    Value::Object(kept.map(|(name, value)| (name.clone(), text(value))).collect())
}

fn mappers(value: &Value) -> Value {
    let Value::Array(items) = value else { return value.clone() };
    let mut mappers: Vec<Value> = items.iter().map(mapper).collect();
    let word =
        |mapper: &Value, name: &str| mapper.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    mappers.sort_by_key(|mapper| {
        (word(mapper, "name"), word(mapper, "protocol"), word(mapper, "protocolMapper"))
    });
    Value::Array(mappers)
}

/// Consent of single mappers is a thing of the past: taken, and not kept.
pub(super) fn mapper(value: &Value) -> Value {
    let mut out = Map::new();
    for name in ["name", "protocol", "protocolMapper"] {
        if let Some(value) = value.get(name).filter(|value| !value.is_null()) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    let config = match value.get("config") {
        Some(Value::Object(config)) => config
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        _ => Map::new(),
    };
    out.insert("config".to_owned(), Value::Object(config));
    Value::Object(out)
}

fn without_empty(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let kept = members.iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

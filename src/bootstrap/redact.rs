//! What must not be shown of a client.

use serde_json::{Map, Value};

/// What stands in place of a secret.
const REDACTED: &str = "no_log";

/// Members of a client that are secrets.
const MEMBERS: &[&str] = &["secret", "registrationAccessToken"];

/// Attributes that are secrets, or that somebody could log in with.
const ATTRIBUTES: &[&str] = &[
    "saml.signing.private.key",
    "saml.encryption.private.key",
    "client.secret.rotated",
    "jwt.credential.certificate",
];

/// A client's representation without its secrets.
pub fn redacted(client: &Map<String, Value>) -> Map<String, Value> {
    let members = client.iter().map(|(name, value)| {
        let value = match (name.as_str(), value) {
            (name, value) if MEMBERS.contains(&name) && !value.is_null() => Value::from(REDACTED),
            ("attributes", Value::Object(attributes)) => Value::Object(without(attributes, |name| {
                ATTRIBUTES.contains(&name) || name.contains("secret") && !name.ends_with("time")
            })),
            ("protocolMappers", Value::Array(mappers)) => {
                Value::Array(mappers.iter().map(mapper_without_secrets).collect())
            }
            (_, value) => value.clone(),
        };
        (name.clone(), value)
    });
    members.collect()
}

/// The value of a member, by its path in the representation, as it may be shown.
pub fn shown(path: &str, value: &Value) -> Value {
    if is_secret(path) { Value::from(REDACTED) } else { inside(value) }
}

/// A value without the secrets in it, wherever they are.
fn inside(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = if is_secret_name(name) { Value::from(REDACTED) } else { inside(value) };
                (name.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(inside).collect()),
        _ => value.clone(),
    }
}

fn is_secret_name(name: &str) -> bool {
    let word = name.to_ascii_lowercase();
    MEMBERS.contains(&name)
        || ATTRIBUTES.contains(&name)
        || word.contains("secret") && !word.ends_with("time")
        || ["password", "private"].iter().any(|secret| word.contains(secret))
}

/// Whether the value of a member, by its path in the representation, must not be shown.
pub(super) fn is_secret(path: &str) -> bool {
    let name = path.strip_prefix("attributes.").or_else(|| path.split_once(".config.").map(|(_, name)| name));
    MEMBERS.contains(&path) || name.is_some_and(is_secret_name)
}

/// Mappers of third parties hold passwords of what they ask.
fn mapper_without_secrets(mapper: &Value) -> Value {
    let mut mapper = mapper.clone();
    if let Some(Value::Object(config)) = mapper.get_mut("config") {
        let secret = |name: &str| {
            let name = name.to_ascii_lowercase();
            ["secret", "password", "private"].iter().any(|word| name.contains(word))
        };
        *config = without(config, secret);
    }
    mapper
}

fn without(members: &Map<String, Value>, is_secret: impl Fn(&str) -> bool) -> Map<String, Value> {
    let members = members.iter().map(|(name, value)| {
        let value = if is_secret(name) { Value::from(REDACTED) } else { value.clone() };
        (name.clone(), value)
    });
    members.collect()
}

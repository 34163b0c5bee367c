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

/// Whether the value of a member, by its path in the representation, must not be shown.
pub fn is_secret(path: &str) -> bool {
    MEMBERS.contains(&path)
        || path.strip_prefix("attributes.").is_some_and(|name| {
            ATTRIBUTES.contains(&name) || name.contains("secret") && !name.ends_with("time")
        })
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

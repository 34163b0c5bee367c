//! `decode_token`: python-jose's arguments as rules of ours.

use serde_json::Value;

use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::config::Algorithm;
use crate::oidc::RealmClient;
use crate::token::{Check, DecodeKeys, DecodeRules};

/// The checks by the words after `verify_`.
const CHECKS: [(&str, Check); 9] = [
    ("signature", Check::Signature),
    ("aud", Check::Audience),
    ("iat", Check::IssuedAt),
    ("exp", Check::Expiry),
    ("nbf", Check::NotBefore),
    ("iss", Check::Issuer),
    ("sub", Check::Subject),
    ("jti", Check::TokenId),
    ("at_hash", Check::AccessTokenHash),
];

/// The claims of a token. Without a `key` the realm's own are fetched, as today's python-keycloak does.
pub(super) async fn decode(client: &RealmClient, args: Args<'_>) -> Result<Value, Failure> {
    let rules = rules(client.client_id(), args)?;
    let keys = match args.optional("key") {
        Some(key) => keys(key),
        None => DecodeKeys::from_jwks(&client.certs().await?),
    };
    let unusable = || Failure::Decode("signature", "the key is not one to verify with".to_owned());
    let claims = rules.decode(args.text("token")?, &keys.ok_or_else(unusable)?);
    claims.map_err(|error| Failure::Decode(error.reason(), error.to_string()))
}

/// PEM, a key as `public_key` gives it, a JWK, or a JWK set, which may be in a text.
fn keys(key: &Value) -> Option<DecodeKeys> {
    match key {
        Value::String(text) if text.trim_start().starts_with('{') => keys(&serde_json::from_str(text).ok()?),
        Value::String(text) => DecodeKeys::from_pem(text),
        Value::Object(members) if members.contains_key("keys") => DecodeKeys::from_jwks(key),
        Value::Object(_) => DecodeKeys::from_jwks(&serde_json::json!({ "keys": [key] })),
        _ => None,
    }
}

fn rules(client_id: &str, args: Args<'_>) -> Result<DecodeRules, Failure> {
    let text = |name: &str| args.optional_text(name).map(|text| text.map(str::to_owned));
    let mut rules = DecodeRules::new(text("audience")?.unwrap_or_else(|| client_id.to_owned()));
    if let Some(names) = args.optional("algorithms") {
        // The names that are none of ours are those that this decoder does not do: no token has them then.
        let known = |name: &String| Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        rules.algorithms = texts("algorithms", names)?.iter().filter_map(known).collect();
    }
    if let Some(names) = args.optional("issuer") {
        rules.issuers = texts("issuer", names)?;
    }
    rules.subject = text("subject")?;
    rules.access_token = text("access_token")?;
    rules.leeway = args.number("leeway")?.unwrap_or(0);
    if !args.flag("validate", true)? {
        rules.without = CHECKS.iter().map(|(_, check)| *check).collect();
    }
    match args.optional("check_claims") {
        None => {}
        Some(Value::Object(claims)) => {
            for (name, value) in claims {
                claim(&mut rules, name, value)?;
            }
        }
        Some(_) => return Err(wrong("check_claims", "an object")),
    }
    match args.optional("options") {
        None => {}
        Some(Value::Object(options)) => {
            for (name, value) in options {
                option(&mut rules, name, value)?;
            }
        }
        Some(_) => return Err(wrong("options", "an object")),
    }
    Ok(rules)
}

/// Today's python-keycloak's way to say what a claim must be; `null` is that it must be there.
fn claim(rules: &mut DecodeRules, name: &str, value: &Value) -> Result<(), Failure> {
    let text = value.as_str().map(str::to_owned);
    match (name, text) {
        (_, None) if value.is_null() => {}
        ("aud", Some(audience)) => rules.audience = Some(audience),
        ("iss", Some(issuer)) => rules.issuers = vec![issuer],
        ("sub", Some(subject)) => rules.subject = Some(subject),
        _ => return Err(Failure::Argument(format!("the claim `{name}` cannot be compared"))),
    }
    rules.required.push(name.to_owned());
    Ok(())
}

fn option(rules: &mut DecodeRules, name: &str, value: &Value) -> Result<(), Failure> {
    let flag = || value.as_bool().ok_or_else(|| wrong(name, "true or false"));
    if name == "leeway" {
        rules.leeway = value.as_i64().ok_or_else(|| wrong(name, "a whole number"))?;
    } else if let Some(claim) = name.strip_prefix("require_") {
        if flag()? {
            rules.required.push(claim.to_owned());
        }
    } else if let Some((_, check)) =
        CHECKS.iter().find(|(word, _)| name.strip_prefix("verify_") == Some(word))
    {
        if !flag()? {
            rules.without.push(*check);
        }
    } else {
        return Err(Failure::Argument(format!("there is no option `{name}`")));
    }
    Ok(())
}

/// A text, or a list of texts.
fn texts(name: &str, value: &Value) -> Result<Vec<String>, Failure> {
    let several = match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    several.iter().map(|value| text(value).ok_or_else(|| wrong(name, "a list of texts"))).collect()
}

fn wrong(name: &str, expected: &str) -> Failure {
    Failure::Argument(format!("`{name}` is not {expected}"))
}

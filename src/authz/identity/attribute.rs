//! Claims as the texts that policies compare.

use std::borrow::Cow;

use super::Attribute;
use super::roles::of_access;
use crate::authz::hash_order::hash_order;
use crate::authz::json::Json;

/// The claims whose arrays are sets to Keycloak.
const SETS: [&str; 2] = ["allowed-origins", "trusted-certs"];

/// The texts of a top-level claim.
pub(super) fn of_claim<'a>(name: &str, value: &'a Json) -> Attribute<'a> {
    match value {
        Json::Object(clients) if name == "resource_access" => {
            let access: Option<Vec<(Box<str>, Json)>> =
                clients.iter().map(|(client, access)| Some((client.clone(), as_read(access)?))).collect();
            access.map_or(Attribute::Unsure, |access| compact(&Json::Object(access)))
        }
        Json::Object(_) if name == "realm_access" => {
            as_read(value).map_or(Attribute::Unsure, |access| compact(&access))
        }
        Json::Object(_) => compact(value),
        Json::Array(elements) if SETS.contains(&name) => {
            let texts: Vec<Cow<'_, str>> = elements.iter().map(of_element).collect();
            match hash_order(texts.iter().map(|text| &**text)) {
                Some(ordered) => {
                    texts_or_nothing(ordered.into_iter().map(|text| Cow::Owned(text.to_owned())).collect())
                }
                None => Attribute::Unsure,
            }
        }
        Json::Array(elements) => texts_or_nothing(elements.iter().map(of_element).collect()),
        Json::Null => Attribute::Absent,
        Json::Text(text) if text.is_empty() => Attribute::Absent,
        value => texts_or_nothing(vec![of_element(value)]),
    }
}

fn texts_or_nothing(texts: Vec<Cow<'_, str>>) -> Attribute<'_> {
    if texts.is_empty() { Attribute::Absent } else { Attribute::Texts(texts) }
}

fn of_element(element: &Json) -> Cow<'_, str> {
    match element {
        Json::Null => Cow::Borrowed("null"),
        Json::Bool(true) => Cow::Borrowed("true"),
        Json::Bool(false) => Cow::Borrowed("false"),
        Json::Number(text) | Json::Text(text) => Cow::Borrowed(text),
        Json::Array(_) | Json::Object(_) => Cow::Borrowed(""),
    }
}

fn compact<'a>(value: &Json) -> Attribute<'a> {
    let mut text = String::new();
    value.write(true, &mut text);
    Attribute::Texts(vec![Cow::Owned(text)])
}

/// Roles of the realm or of a client as Keycloak reads them: a set, and of the other members only `verify_caller`.
/// `None`: the order of the set is not known.
fn as_read(access: &Json) -> Option<Json> {
    let mut members: Vec<(Box<str>, Json)> = Vec::new();
    if matches!(access.get("roles"), Some(Json::Array(_))) {
        let roles = hash_order(of_access(access))?;
        members.push((
            "roles".into(),
            Json::Array(roles.into_iter().map(|role| Json::Text(role.into())).collect()),
        ));
    }
    if let Some(verify_caller) = access.get("verify_caller") {
        members.push(("verify_caller".into(), verify_caller.clone()));
    }
    Some(Json::Object(members))
}

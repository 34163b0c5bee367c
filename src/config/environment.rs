//! Settings from the environment: `GATECLOAK_ROUTES__ORDERS__UPSTREAM=...`.

use std::ffi::OsString;

use figment::value::{Dict, Value};

use super::setting::Setting;
use super::{Place, Problem};

const PREFIX: &str = "GATECLOAK_";

/// Variables with our prefix that are no settings: the file to load, and what the tests require of their machine.
const NOT_SETTINGS: [&str; 3] = ["GATECLOAK_CONFIG", "GATECLOAK_KEYCLOAK", "GATECLOAK_NGINX"];

/// What follows the prefix where it is about the login of an administrator, for the commands that act on Keycloak.
const ADMIN: &str = "ADMIN_";

/// Reads the settings. `file` is what the file says: names in it are found without regard to case, and with `_` for `-`.
pub(super) fn settings(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    file: &Dict,
    problems: &mut Vec<Problem>,
) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if NOT_SETTINGS.contains(&name) || rest.starts_with(ADMIN) || is_service_link(rest) {
            continue;
        }
        let origin = format!("environment variable `{name}`");
        let problem = |message: &str| Problem::new("", message).at(Place::Outside(origin.clone()));
        let path: Vec<&str> = rest.split("__").collect();
        match value.into_string() {
            Err(_) => problems.push(problem("the value is not UTF-8")),
            Ok(_) if path.iter().any(|part| part.is_empty()) => {
                problems.push(problem("the name is not that of a key").hint(
                    "a key is written with `__` between its parts, as in `GATECLOAK_LISTENER__ADDRESS`",
                ));
            }
            Ok(text) if text.contains(['\n', '\r']) => {
                problems.push(
                    problem("the value has a line break").hint("put it in the file, or name a file with it"),
                );
            }
            Ok(text) => settings.push(Setting { path: resolve(&path, file), text, origin }),
        }
    }
    settings.sort_by(|left, right| left.path.cmp(&right.path));
    settings
}

/// Kubernetes puts variables such as `GATECLOAK_SERVICE_HOST` and `GATECLOAK_PORT_80_TCP_ADDR` into every container beside
/// a service of the name `gatecloak` or `gatecloak-...`. They are not meant for us.
fn is_service_link(rest: &str) -> bool {
    if rest.contains("__") {
        return false;
    }
    let whole = format!("_{rest}");
    let port_of = |after: &str| {
        let mut parts = after.split('_');
        parts
            .next()
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
            && matches!(parts.next(), Some("TCP" | "UDP" | "SCTP"))
    };
    whole.ends_with("_SERVICE_HOST")
        || whole.ends_with("_PORT")
        || whole.contains("_SERVICE_PORT_")
        || whole.split_once("_PORT_").is_some_and(|(_, after)| port_of(after))
}

/// The keys meant: those of the file where they are like these, else the names in lower case.
fn resolve(parts: &[&str], file: &Dict) -> Vec<String> {
    let mut table = Some(file);
    let mut path = Vec::new();
    for part in parts {
        let lower = part.to_lowercase();
        let known = table.and_then(|table| {
            table.get_key_value(&lower).or_else(|| table.iter().find(|(key, _)| is_alike(key, part)))
        });
        path.push(known.map_or(lower, |(key, _)| key.clone()));
        table = match known {
            Some((_, Value::Dict(_, inner))) => Some(inner),
            _ => None,
        };
    }
    path
}

fn is_alike(key: &str, part: &str) -> bool {
    let mut key = key.chars();
    let mut part = part.chars();
    loop {
        match (key.next(), part.next()) {
            (None, None) => return true,
            (Some('-'), Some('_')) => {}
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(&b) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests;

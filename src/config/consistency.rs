//! Sections that contradict each other or themselves, as far as the configuration alone tells.

use std::collections::BTreeMap;

use super::{Config, Place, Problem, spelling};

mod enforcer;
mod identity;
mod listener;
mod probe;
mod provider;
mod require;
mod route;
mod upstream;
mod url;

/// Everything that contradicts.
pub(crate) fn check(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    names("providers", &config.providers, &mut problems);
    names("upstreams", &config.upstreams, &mut problems);
    names("routes", &config.routes, &mut problems);
    names("enforcers", &config.enforcers, &mut problems);
    enforcer::check(config, &mut problems);
    listener::check(config, &mut problems);
    provider::check(config, &mut problems);
    upstream::check(config, &mut problems);
    route::check(config, &mut problems);
    identity::check(&config.identity, &mut problems);
    probe::check(config, &mut problems);
    problems
}

/// Names stand in logs, metrics, environment variables and dotted keys.
fn names<T>(table: &str, entries: &BTreeMap<String, T>, problems: &mut Vec<Problem>) {
    for name in entries.keys() {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            problems.push(
                Problem::new(format!("{table}.{name}"), format!("`{name}` is not a name"))
                    .hint("a name is made of letters, digits, `-` and `_`")
                    .at(Place::Key),
            );
        }
    }
}

/// The problem with a name that is not in a table, if it is not.
fn unknown<T>(key: &str, what: &str, name: &str, entries: &BTreeMap<String, T>) -> Option<Problem> {
    if entries.contains_key(name) {
        return None;
    }
    let mut problem = Problem::new(key, format!("there is no {what} `{name}`"));
    problem.hint = spelling::hint(name, entries.keys().map(String::as_str));
    Some(problem)
}

/// Whether a text is an HTTP method as it stands in requests: upper case (RFC 9110 section 9.1).
fn is_method(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
}

/// The problem with a method, if it is none.
fn method(key: &str, text: &str) -> Option<Problem> {
    if is_method(text) {
        return None;
    }
    let problem = Problem::new(key, format!("`{text}` is not an HTTP method"));
    let upper = text.to_uppercase();
    Some(if is_method(&upper) {
        problem.hint(format!("methods are written in upper case: `{upper}`"))
    } else {
        problem
    })
}

#[cfg(test)]
mod tests;

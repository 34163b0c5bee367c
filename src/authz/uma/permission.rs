//! The values of `permission`: resources and scopes.

use super::resolution::Stop;

/// One thing that is asked for, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) what: What,
    /// As named, distinct; some may not exist.
    pub(super) scopes: Vec<String>,
}

/// What a wish is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A name, an id, or a type.
    Named(String),
    /// A resource that a URI led to, by its place.
    Found(usize),
    /// Whatever resource has the scopes.
    AnyWith,
}

/// `RESOURCE#SCOPE,SCOPE`, split as Java splits: trailing empty parts are dropped, and what follows a second `#` is
/// ignored.
pub(super) fn split(value: &str) -> Result<(&str, Vec<String>), Stop> {
    if value.is_empty() {
        return Ok(("", Vec::new()));
    }
    if value.bytes().all(|byte| byte == b'#') {
        return Err(Stop::request("a permission is only `#`, at which keycloak fails"));
    }
    let mut parts = value.split('#');
    let resource = parts.next().unwrap_or_default();
    let rest = value.trim_end_matches('#');
    let scopes = match rest.split('#').nth(1) {
        Some(scopes) => java_split(scopes, ','),
        None => Vec::new(),
    };
    Ok((resource, scopes))
}

/// Java's `split` at one character: an empty text has one empty part, and trailing empty parts are dropped.
pub(super) fn java_split(text: &str, separator: char) -> Vec<String> {
    if text.is_empty() {
        return vec![String::new()];
    }
    let trimmed = text.trim_end_matches(separator);
    if trimmed.is_empty() { Vec::new() } else { trimmed.split(separator).map(str::to_owned).collect() }
}

/// Whether a part names no resource; `None`: it is of blanks that Java may see as text.
pub(super) fn is_blank(resource: &str) -> Option<bool> {
    if resource.chars().all(|c| c <= ' ') {
        return Some(true);
    }
    (!resource.chars().all(char::is_whitespace)).then_some(false)
}

/// Wishes of one request; two for the same become one, at the place of the first, with the scopes of both.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) list: Vec<Wish>,
}

impl Wishes {
    pub(super) fn add(&mut self, what: What, scopes: Vec<String>) {
        let known = match what {
            What::AnyWith => None,
            _ => self.list.iter_mut().find(|wish| wish.what == what),
        };
        let wish = match known {
            Some(wish) => wish,
            None => {
                self.list.push(Wish { what, scopes: Vec::new() });
                let Some(wish) = self.list.last_mut() else { return };
                wish
            }
        };
        for scope in scopes {
            if !wish.scopes.contains(&scope) {
                wish.scopes.push(scope);
            }
        }
    }
}

#[cfg(test)]
mod tests;

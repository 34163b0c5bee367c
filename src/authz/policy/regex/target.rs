//! What the `targetClaim` of a regex policy means: a claim, or a path into the JSON of one.

use super::Value;
use super::walk::walk;
use crate::authz::identity::Attribute;
use crate::authz::json::{Json, NotRead};

/// A claim, and where to look in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The name, as written.
    Claim(String),
    Path {
        claim: String,
        rest: Rest,
    },
}

/// Where a path leads after its first part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nowhere: it is empty, or ends in a dot.
    Nowhere,
    /// Into members of members.
    Parts(Vec<String>),
}

impl Target {
    /// A path has a dot without a backslash before it, after at least one character.
    ///
    /// What follows the first part is joined with dots and split once more, as Keycloak does: a dot that a backslash
    /// kept together is lost on the way.
    pub(super) fn parse(written: &str) -> Self {
        let (parts, is_path) = split(written);
        let mut parts = parts.into_iter();
        match (is_path, parts.next()) {
            (true, Some(claim)) => {
                let rest: Vec<String> = parts.collect();
                let rest = rest.join(".");
                let rest = if rest.is_empty() || rest.ends_with('.') {
                    Rest::Nowhere
                } else {
                    Rest::Parts(split(&rest).0)
                };
                Self::Path { claim, rest }
            }
            _ => Self::Claim(written.to_owned()),
        }
    }

    /// The claim whose texts are needed.
    pub(super) fn attribute(&self) -> &str {
        match self {
            Self::Claim(claim) | Self::Path { claim, .. } => claim,
        }
    }

    /// The text to match.
    pub(super) fn value<'a>(&self, attribute: Attribute<'a>) -> Value<'a> {
        let text = match attribute {
            Attribute::Absent => return Value::Nothing,
            Attribute::Unsure => return Value::Unsure,
            Attribute::Texts(texts) => match texts.into_iter().next() {
                Some(text) => text,
                None => return Value::Nothing,
            },
        };
        let Self::Path { rest, .. } = self else { return Value::Text(text) };
        match (Json::first(&text), rest) {
            (Err(NotRead::NotJson), _) => Value::Fails,
            (Err(NotRead::Unsure), _) => Value::Unsure,
            (Ok(_), Rest::Nowhere) => Value::Nothing,
            (Ok(json), Rest::Parts(parts)) => walk(&json, parts),
        }
    }
}

/// The parts between dots without a backslash, their backslashes removed; and whether there was such a dot.
fn split(path: &str) -> (Vec<String>, bool) {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((part, after)) = next_part(rest) {
        parts.push(part);
        rest = after;
    }
    let is_path = !parts.is_empty();
    if !rest.is_empty() {
        parts.push(unescaped(rest));
    }
    (parts, is_path)
}

/// What stands before the first such dot, and after it. A part has at least one character; where it has none, there is
/// no next one.
fn next_part(path: &str) -> Option<(String, &str)> {
    let mut chars = path.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next()?;
            }
            '.' if at == 0 => return None,
            '.' => {
                let (part, rest) = path.split_at_checked(at)?;
                return Some((unescaped(part), rest.strip_prefix('.')?));
            }
            _ => {}
        }
    }
    None
}

/// Without the backslashes; one at the end stays.
fn unescaped(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().unwrap_or('\\')),
            c => out.push(c),
        }
    }
    out
}

//! JSON as Keycloak's parser (Jackson) reads and writes it: members in order, numbers in their spelling.

mod number;
mod reader;

use std::fmt::Write as _;

use self::reader::Reader;

/// A JSON value. Members stand in the order of the text; one that stands twice has its last value, at its first place.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::authz) enum Json {
    Null,
    Bool(bool),
    /// In its spelling.
    Number(Box<str>),
    Text(Box<str>),
    Array(Vec<Json>),
    Object(Vec<(Box<str>, Json)>),
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authz) enum NotRead {
    /// Keycloak could not read it either.
    NotJson,
    /// It is not known what Keycloak reads: too deep, half a surrogate pair, a number without bounds.
    Unsure,
}

impl Json {
    /// The one value of a text, as of the claims of a token; numbers keep their spelling.
    pub(in crate::authz) fn parse(text: &str) -> Result<Self, NotRead> {
        let mut reader = Reader::new(text, false);
        let value = reader.value()?;
        if reader.is_at_end() { Ok(value) } else { Err(NotRead::NotJson) }
    }

    /// The first value of a text; what follows it is ignored, but a number or a word must end there. Numbers become
    /// what Java makes of them (`1e3` is `1000.0`).
    pub(in crate::authz) fn first(text: &str) -> Result<Self, NotRead> {
        let mut reader = Reader::new(text, true);
        let value = reader.value()?;
        match value {
            Self::Null | Self::Bool(_) | Self::Number(_) if !reader.is_at_blank() => Err(NotRead::NotJson),
            _ => Ok(value),
        }
    }

    /// A member of an object.
    pub(in crate::authz) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(member, _)| **member == *name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(in crate::authz) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As compact JSON; members that are `null` are left out if they are to be.
    pub(in crate::authz) fn write(&self, without_nulls: bool, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(spelling) => out.push_str(spelling),
            Self::Text(text) => quote(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(without_nulls, out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                let kept = members.iter().filter(|(_, value)| !(without_nulls && *value == Self::Null));
                for (index, (name, value)) in kept.enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write(without_nulls, out);
                }
                out.push('}');
            }
        }
    }
}

/// A text in quotes. Beside these escapes Jackson writes every character as it is.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;

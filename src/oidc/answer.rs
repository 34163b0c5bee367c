//! An answer of the realm, read but not yet understood.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::OidcError;

/// The most characters of a text of the realm that get into an error.
const TEXT_CHARS: usize = 200;

/// A longer run of characters without a blank is left out of an error: it may be a token that is echoed.
const WORD_CHARS: usize = 64;

/// Status and body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) operation: &'static str,
    pub(super) status: u16,
    pub(super) body: Bytes,
}

/// The body of an error answer (RFC 6749 section 5.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    error: String,
    error_description: String,
}

impl Answer {
    /// The body of an answer with this status; any other status is an error.
    pub(super) fn body(self, expected: u16) -> Result<Bytes, OidcError> {
        if self.status == expected { Ok(self.body) } else { Err(self.refused()) }
    }

    /// The JSON object of an answer with this status; any other status is an error.
    pub(super) fn object<T: DeserializeOwned>(self, expected: u16) -> Result<T, OidcError> {
        let operation = self.operation;
        object(&self.body(expected)?).map_err(|error| unexpected(operation, &error))
    }

    /// The JSON array of objects of an answer with this status; any other status is an error.
    pub(super) fn objects<T: DeserializeOwned>(self, expected: u16) -> Result<Vec<T>, OidcError> {
        let operation = self.operation;
        let body = self.body(expected)?;
        serde_json::from_slice::<Vec<&RawValue>>(&body)
            .and_then(|values| values.into_iter().map(|value| object(value.get().as_bytes())).collect())
            .map_err(|error| unexpected(operation, &error))
    }

    /// The error that the answer is.
    pub(super) fn refused(self) -> OidcError {
        let (error, description) = match self.status {
            300..=399 => (String::new(), "redirects are not followed".to_owned()),
            _ => self.error(),
        };
        OidcError::Refused { operation: self.operation, status: self.status, error, description }
    }

    /// `error` and `error_description`, or empty texts.
    pub(super) fn error(&self) -> (String, String) {
        let body: ErrorBody = serde_json::from_slice(&self.body).unwrap_or_default();
        (legible(&body.error), legible(&body.error_description))
    }
}

/// A type with named members would also be read from an array, by position.
fn object<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    if text.trim_ascii_start().first() == Some(&b'{') {
        serde_json::from_slice(text)
    } else {
        Err(serde::de::Error::custom("not an object"))
    }
}

/// The parser's own text can repeat a part of the answer, so only the place is told.
fn unexpected(operation: &'static str, error: &serde_json::Error) -> OidcError {
    let (line, column) = (error.line(), error.column());
    OidcError::Unusable {
        operation,
        reason: format!("it is not the JSON that was expected (line {line}, column {column})"),
    }
}

/// A text of the realm, fit for a log: short, without control characters, without what could be a token.
fn legible(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        let word = if word.chars().count() > WORD_CHARS { "…" } else { &word };
        if out.chars().count() + word.chars().count() > TEXT_CHARS {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests;

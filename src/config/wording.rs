//! Errors in the words of someone who writes a configuration file.
//!
//! A value is repeated only where it cannot be a secret.

use std::io;

use figment::error::{Actual, Kind};

use super::{Problem, blot, spelling};

/// The problem with a value that its type does not take.
pub(super) fn wrong_value(key: &str, kind: &Kind) -> Problem {
    match kind {
        Kind::InvalidType(found, expected) => {
            let problem =
                Problem::new(key, format!("expected {}, found {}", wanted(expected), kind_of(found)));
            match expected.as_str() {
                "a sequence" => problem.hint("a list is written `[\"a\", \"b\"]`"),
                _ => problem,
            }
        }
        Kind::InvalidValue(_, expected) => {
            Problem::new(key, format!("expected {}, found a value out of range", wanted(expected)))
        }
        Kind::InvalidLength(..) => Problem::new(key, "the list has a wrong length"),
        Kind::UnknownVariant(found, known) => unknown_word(key, found, known),
        Kind::Message(message) => own_message(key, message),
        _ => Problem::new(key, "the value cannot be read"),
    }
}

/// An example for keys that must be there.
pub(super) fn example_of(name: &str) -> Option<String> {
    let example = match name {
        "issuer" => "issuer = \"https://sso.example.com/realms/main\"",
        "client_id" => "client_id = \"gateway\"",
        "endpoints" => "endpoints = [\"http://127.0.0.1:3000\"]",
        "path" => "path = \"/*\"",
        "request" => "request = \"GET /orders/1\"",
        "expect" => "expect = \"allow\"",
        _ => return None,
    };
    Some(format!("for example `{example}`"))
}

/// Why a file cannot be read or written, in the system's words: `no such file or directory`.
pub(crate) fn file_error(error: &io::Error) -> String {
    let message = error.to_string();
    let message = message.split(" (os error").next().unwrap_or_default();
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

fn unknown_word(key: &str, found: &str, known: &[&'static str]) -> Problem {
    let name = key.rsplit('.').next().unwrap_or(key);
    let expected = spelling::listed(known.iter().copied());
    if blot::may_hold_secret(name) {
        return Problem::new(key, format!("expected one of {expected}, found another value"))
            .hint("a value is read from a secret: `{ replace = \"file:PATH\" }`");
    }
    let problem = Problem::new(key, format!("expected one of {expected}, found `{found}`"));
    match spelling::nearest(found, known.iter().copied()) {
        Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
        None => problem,
    }
}

fn own_message(key: &str, message: &str) -> Problem {
    match message {
        "invalid socket address syntax" => {
            Problem::new(key, "expected an IP address and a port, such as `0.0.0.0:8080` or `[::]:8080`")
        }
        "invalid IP address syntax" => Problem::new(key, "expected a network, such as `10.0.0.0/8`")
            .hint("a single address is `10.1.2.3/32`"),
        // A message may carry its hint behind a line break.
        _ => match message.split_once('\n') {
            Some((fact, hint)) => Problem::new(key, fact).hint(hint),
            None => Problem::new(key, message),
        },
    }
}

fn wanted(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" => "a text",
        "a sequence" => "a list",
        "a map" => "a table",
        "a boolean" => "`true` or `false`",
        "path string" => "a path",
        "socket address" => "an address such as `0.0.0.0:8080`",
        "IPv4 or IPv6 network address" => "a network such as `10.0.0.0/8`",
        "usize" | "u64" | "u32" => "a whole number that is not negative",
        other if other.starts_with("struct ") => "a table",
        other if other.starts_with("enum ") => "a word",
        other => other,
    }
}

fn kind_of(found: &Actual) -> &'static str {
    match found {
        Actual::Bool(true) => "`true`",
        Actual::Bool(false) => "`false`",
        Actual::Unsigned(_) | Actual::Signed(_) => "a number",
        Actual::Float(number) if number.fract() == 0.0 => "a number out of range",
        Actual::Float(_) => "a fraction",
        Actual::Char(_) | Actual::Str(_) | Actual::Bytes(_) => "a text",
        Actual::Unit | Actual::Option => "nothing",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}

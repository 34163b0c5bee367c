//! A text with what may be a secret blotted out, so that lines of it can be printed beside an error.
//!
//! A secret has no place in the file; but when someone puts one there, the message that says so must not repeat it.

use std::ops::Range;

use figment::value::Value;

use super::document::{Content, Document, Entry, Node};
use super::{SecretRef, spelling};

/// The text with blots. `document` is the text parsed, if it parses. The number of bytes stays.
pub(super) fn blot(text: &str, document: Option<&Document>) -> String {
    let mut ranges = user_infos(text);
    match document {
        Some(document) => document.entries.iter().for_each(|entry| secret_values(entry, false, &mut ranges)),
        None => secret_lines(text, &mut ranges),
    }
    let mut blotted = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        if ranges.iter().any(|range| range.contains(&index)) && !character.is_whitespace() {
            blotted.extend(std::iter::repeat_n('*', character.len_utf8()));
        } else {
            blotted.push(character);
        }
    }
    blotted
}

/// Whether a key of this name, well or badly spelt, may have a secret as its value.
pub(super) fn may_hold_secret(name: &str) -> bool {
    const PARTS: [&str; 7] =
        ["secret", "passw", "passphrase", "credential", "private_key", "api_key", "token"];
    const NAMES: [&str; 3] = ["client_secret", "authorization_header", "replace"];
    let name = name.to_lowercase().replace('-', "_");
    PARTS.iter().any(|part| name.contains(part))
        || NAMES.iter().any(|known| spelling::distance(&name, known) <= known.len() / 5)
}

fn secret_values(entry: &Entry, around: bool, ranges: &mut Vec<Range<usize>>) {
    // `[providers.NAME.token]` is a table of plain things.
    let within = around || (may_hold_secret(&entry.name) && entry.name != "token");
    let scalar = matches!(entry.node.content, Content::Scalar(_));
    secret_values_in(&entry.node, within || (scalar && may_hold_secret(&entry.name)), ranges);
}

fn secret_values_in(node: &Node, secret: bool, ranges: &mut Vec<Range<usize>>) {
    match &node.content {
        Content::Scalar(value) if secret && !is_harmless(value) => ranges.push(node.written.clone()),
        Content::Scalar(_) => {}
        Content::List(nodes) => nodes.iter().for_each(|node| secret_values_in(node, secret, ranges)),
        Content::Table(entries) => entries.iter().for_each(|entry| secret_values(entry, secret, ranges)),
    }
}

/// References to secrets, and the words that may stand in their place.
fn is_harmless(value: &Value) -> bool {
    match value {
        Value::Bool(..) | Value::Empty(..) => true,
        _ => value
            .as_str()
            .is_some_and(|text| matches!(text, "pass" | "strip") || text.parse::<SecretRef>().is_ok()),
    }
}

/// Lines of a text that does not parse: what follows `=` or `:` behind a key that may hold a secret, up to the next key.
fn secret_lines(text: &str, ranges: &mut Vec<Range<usize>>) {
    let mut start = 0;
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if let Some(value) = secret_value_of(line) {
            ranges.push(start + value..end);
            goes_on = true;
        } else if goes_on && !begins_anew(line) {
            ranges.push(start..end);
        } else {
            goes_on = false;
        }
        start = end;
    }
}

/// Where in a line the value of a key begins that may hold a secret.
fn secret_value_of(line: &str) -> Option<usize> {
    let is_name = |character: char| character.is_alphanumeric() || "_-".contains(character);
    line.match_indices(['=', ':']).map(|(index, _)| index + 1).find(|value| {
        let before = line.get(..value - 1).unwrap_or_default().trim_end_matches([' ', '\t', '"', '\'']);
        before.rsplit(|character: char| !is_name(character)).next().is_some_and(may_hold_secret)
    })
}

/// Whether a line begins with a header or a key. (The end of a secret in base64 looks almost like a key.)
fn begins_anew(line: &str) -> bool {
    let line = line.trim();
    let key = line.find(['=', ':']).and_then(|at| Some((line.get(..at)?, line.get(at..)?)));
    line.starts_with('[')
        || key.is_some_and(|(name, rest)| {
            let is_word = name.trim_end().chars().all(|c| c.is_alphanumeric() || "_-.\"' ".contains(c));
            is_word && (rest == ":" || rest.starts_with(": ") || rest.starts_with("= "))
        })
}

/// `USER:PASSWORD` in `https://USER:PASSWORD@host`, also where the scheme was forgotten. Rather too much than too little.
fn user_infos(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text.get(..at).unwrap_or_default();
        let word =
            before.rsplit(|c: char| c.is_whitespace() || "\"'`,[{(".contains(c)).next().unwrap_or_default();
        let (is_url, info) = match word.split_once("://") {
            Some((_, info)) => (true, info),
            None => (false, word),
        };
        if info.contains(':') || (is_url && !info.contains('/')) {
            ranges.push(at - info.len()..at);
        }
    }
    ranges
}

#[cfg(test)]
mod tests;

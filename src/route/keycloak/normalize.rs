//! How Keycloak reads a request path before it looks for a URI.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The path in Keycloak's form: matrix parameters, query, fragment, dot segments and a trailing slash are gone, double
/// slashes are merged, and all of it is decoded once (so `%2F` is a separator, and `%2e%2e` becomes dots that stay).
/// `None` if Keycloak refuses it.
pub(super) fn normalize(path: &str) -> Option<Cow<'_, str>> {
    if is_normal(path) {
        return Some(Cow::Borrowed(path));
    }
    let whole = merge_slashes(&without_matrix_parameters(path));
    let whole = whole.replace('{', "%7B").replace('}', "%7D");
    let (path, query, fragment) = split(&whole);
    if !is_legal(path, "") || !is_legal(query, "?[]") || !is_legal(fragment, "?[]") {
        return None;
    }
    let resolved = resolve_dots(path);
    let decoded = percent_decode_str(&resolved).decode_utf8_lossy();
    let mut merged = merge_slashes(&decoded);
    if merged.len() > 1 && merged.ends_with('/') {
        merged.pop();
    }
    Some(Cow::Owned(merged))
}

/// Whether a path is as it must be already, seen in one pass: the common case.
fn is_normal(path: &str) -> bool {
    let mut before = b' ';
    for byte in path.bytes() {
        let plain = match byte {
            b'/' => before != b'/',
            // Perhaps a dot segment.
            b'.' => before != b'/',
            _ => byte.is_ascii_alphanumeric() || b"_-!~'()*:@&=+$,".contains(&byte),
        };
        if !plain {
            return false;
        }
        before = byte;
    }
    path.starts_with('/') && (path.len() == 1 || before != b'/')
}

fn without_matrix_parameters(path: &str) -> String {
    let segments = path.split('/').map(|segment| segment.split(';').next().unwrap_or_default());
    segments.collect::<Vec<_>>().join("/")
}

fn merge_slashes(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !merged.ends_with('/') {
            merged.push(character);
        }
    }
    merged
}

/// Path, query and fragment of a URI reference.
fn split(reference: &str) -> (&str, &str, &str) {
    let (rest, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    (path, query, fragment)
}

/// Whether `java.net.URI` takes a component.
fn is_legal(component: &str, also: &str) -> bool {
    let mut characters = component.chars();
    while let Some(character) = characters.next() {
        let legal = match character {
            '%' => {
                let mut is_digit = || characters.next().is_some_and(|digit| digit.is_ascii_hexdigit());
                is_digit() && is_digit()
            }
            _ if character.is_ascii() => {
                character.is_ascii_alphanumeric()
                    || "_-!.~'()*:@&=+$,/;".contains(character)
                    || also.contains(character)
            }
            _ => !character.is_control() && !is_space(character),
        };
        if !legal {
            return false;
        }
    }
    true
}

/// The Unicode categories Zs, Zl and Zp beyond ASCII.
const fn is_space(character: char) -> bool {
    matches!(
        character,
        '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Without `.` and `..`; a `..` that would leave the root stays.
fn resolve_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let Some(relative) = path.strip_prefix('/') else { return path.to_owned() };
    let mut segments = relative.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        let resolved = match segment {
            "." => true,
            ".." if kept.last().is_some_and(|before| *before != "..") => kept.pop().is_some(),
            _ => {
                kept.push(segment);
                false
            }
        };
        if resolved && last {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

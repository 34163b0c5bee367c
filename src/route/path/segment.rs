//! One segment of a path.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::route::PathError;

/// Whether a path, given without its first slash, is canonical and has nothing encoded.
pub(super) fn is_plain(relative: &str) -> bool {
    let mut length = 0_usize;
    let mut dots = 0_usize;
    for byte in relative.bytes() {
        match byte {
            b'/' if length == 0 || is_dots(length, dots) => return false,
            b'/' => (length, dots) = (0, 0),
            b'.' => (length, dots) = (length + 1, dots + 1),
            _ if is_plain_byte(byte) => length += 1,
            _ => return false,
        }
    }
    !is_dots(length, dots)
}

/// The canonical form of a segment that is neither empty nor, where these are resolved, a plain dot segment.
pub(super) fn read(raw: &str, semicolons: bool) -> Result<Cow<'_, str>, PathError> {
    let mut segment = String::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    let mut has_non_ascii = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let decoded = decode(bytes.next(), bytes.next())?;
                has_non_ascii |= !decoded.is_ascii();
                match decoded {
                    b'\\' => return Err(PathError::EncodedSeparator),
                    b';' if !semicolons => return Err(PathError::Semicolon),
                    0..=0x1F | 0x7F => return Err(PathError::ForbiddenCharacter),
                    _ if is_unreserved(decoded) => segment.push(char::from(decoded)),
                    _ => push_encoded(&mut segment, decoded),
                }
            }
            b';' if semicolons => segment.push(';'),
            b';' => return Err(PathError::Semicolon),
            b'\\' => return Err(PathError::Backslash),
            _ if is_plain_byte(byte) => segment.push(char::from(byte)),
            _ => return Err(PathError::ForbiddenCharacter),
        }
    }
    if is_encoded_twice(&segment) || has_non_ascii && !is_text(&segment) {
        return Err(PathError::ForbiddenCharacter);
    }
    if hides_dots(&segment) {
        return Err(PathError::DotSegment);
    }
    Ok(if segment == raw { Cow::Borrowed(raw) } else { Cow::Owned(segment) })
}

/// The canonical form of a literal of the configuration, where characters beyond ASCII may stand as they are and
/// encoded reserved characters mean themselves.
pub(in crate::route) fn literal(text: &str) -> Result<String, PathError> {
    let mut ascii = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() {
            ascii.push(char::from(byte));
        } else {
            push_encoded(&mut ascii, byte);
        }
    }
    Ok(decode_reserved(&read(&ascii, true)?))
}

/// Decodes the reserved characters that may stand in a segment as they are (RFC 3986: sub-delims, `:`, `@`).
pub(super) fn decode_reserved(canonical: &str) -> String {
    let mut decoded = String::with_capacity(canonical.len());
    let mut pieces = canonical.split('%');
    decoded.extend(pieces.next());
    for piece in pieces {
        match piece.split_at_checked(2).zip(reserved(piece)) {
            Some(((_, after), byte)) => {
                decoded.push(char::from(byte));
                decoded.push_str(after);
            }
            None => {
                decoded.push('%');
                decoded.push_str(piece);
            }
        }
    }
    decoded
}

/// What is left encoded in a canonical path and can be read in two ways.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) encoded_slash: bool,
    pub(super) encoded_reserved: bool,
}

impl Marks {
    /// Of a canonical path.
    pub(super) fn of(canonical: &str) -> Self {
        let mut marks = Self::default();
        for piece in canonical.split('%').skip(1) {
            marks.encoded_slash |= piece.starts_with("2F");
            marks.encoded_reserved |= reserved(piece).is_some();
        }
        marks
    }
}

/// `.` and `..`, seen as the number of characters and of dots among them.
const fn is_dots(length: usize, dots: usize) -> bool {
    length == dots && (length == 1 || length == 2)
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Sub-delims, `:` and `@`, with `;`.
const fn is_reserved(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@')
}

/// What may stand in a segment as it is (`pchar` of RFC 3986), but for `;`.
const fn is_plain_byte(byte: u8) -> bool {
    is_unreserved(byte) || (is_reserved(byte) && byte != b';')
}

/// The reserved character whose two hex digits a text starts with.
fn reserved(hex: &str) -> Option<u8> {
    let mut digits = hex.bytes();
    decode(digits.next(), digits.next()).ok().filter(|byte| is_reserved(*byte))
}

fn decode(high: Option<u8>, low: Option<u8>) -> Result<u8, PathError> {
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    let byte = digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
    byte.ok_or(PathError::BadEncoding)
}

fn push_encoded(segment: &mut String, byte: u8) {
    segment.push_str(percent_encoding::percent_encode_byte(byte));
}

/// `%25` before two hex digits: decoded twice, it would be another character.
fn is_encoded_twice(segment: &str) -> bool {
    segment.split("%25").skip(1).any(|after| {
        let mut bytes = after.bytes();
        decode(bytes.next(), bytes.next()).is_ok()
    })
}

/// Whether the decoded segment is UTF-8 (which has no overlong forms) without controls.
fn is_text(segment: &str) -> bool {
    percent_decode_str(segment).decode_utf8().is_ok_and(|text| !text.chars().any(char::is_control))
}

/// Whether some reader could find a dot segment in here: one that decodes slashes, cuts matrix parameters off, or trims.
fn hides_dots(segment: &str) -> bool {
    segment.split("%2F").any(|piece| {
        let piece = piece.split(';').next().unwrap_or_default();
        let piece = piece.split("%3B").next().unwrap_or_default();
        let piece = piece.trim_start_matches("%20").trim_end_matches("%20");
        piece == "." || piece == ".."
    })
}

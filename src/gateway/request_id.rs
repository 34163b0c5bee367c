//! The id of a request: in the log, in a refusal's answer, and sent upstream as `x-request-id`.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Where it is sent.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_BYTES: usize = 64;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// A trusted proxy's id if it is a plain word of at most 64 characters; else a new one, 16 random bytes in hex.
pub(super) fn choose(headers: &HeaderMap, trusted: bool) -> HeaderValue {
    if trusted
        && let Some(id) = headers.get(X_REQUEST_ID)
        && is_plain(id.as_bytes())
    {
        return id.clone();
    }
    generate()
}

fn is_plain(id: &[u8]) -> bool {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    !id.is_empty() && id.len() <= MAX_BYTES && id.iter().all(plain)
}

fn generate() -> HeaderValue {
    let mut rest = fastrand::u128(..);
    let mut text = [b'0'; 32];
    for digit in &mut text {
        let nibble = usize::from((rest & 0xf) as u8);
        *digit = DIGITS.get(nibble).copied().unwrap_or(b'0');
        rest >>= 4;
    }
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests;

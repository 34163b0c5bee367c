//! The id of a request: in the log, in a refusal's answer, and sent upstream as `x-request-id`.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Where it is sent.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_BYTES: usize = 64;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// A request's id. Those made here are kept as they are: a field's value is shared by counting, and costs an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RequestId {
    /// 16 random bytes in hex.
    Made([u8; 32]),
    /// A trusted proxy's.
    Given(HeaderValue),
}

impl RequestId {
    /// A trusted proxy's id if it is a plain word of at most 64 characters; else a new one.
    pub(super) fn choose(headers: &HeaderMap, trusted: bool) -> Self {
        match headers.get(X_REQUEST_ID) {
            Some(id) if trusted && is_plain(id.as_bytes()) => Self::Given(id.clone()),
            _ => Self::Made(generate()),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        // Both are plain words.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// For a field.
    pub(super) fn to_value(&self) -> HeaderValue {
        match self {
            Self::Made(text) => HeaderValue::from_bytes(text).unwrap_or(HeaderValue::from_static("")),
            Self::Given(value) => value.clone(),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Made(text) => text,
            Self::Given(value) => value.as_bytes(),
        }
    }
}

fn is_plain(id: &[u8]) -> bool {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    !id.is_empty() && id.len() <= MAX_BYTES && id.iter().all(plain)
}

fn generate() -> [u8; 32] {
    let mut rest = fastrand::u128(..);
    let mut text = [b'0'; 32];
    for digit in &mut text {
        let nibble = usize::from((rest & 0xf) as u8);
        *digit = DIGITS.get(nibble).copied().unwrap_or(b'0');
        rest >>= 4;
    }
    text
}

#[cfg(test)]
mod tests;

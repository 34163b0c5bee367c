//! Where the credential stands in a request: RFC 6750 section 2.1, and nowhere else.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::TokenError;

/// The bearer token of a request, from the `Authorization` field only.
///
/// `None`: there is no such field. An error: more than one field (400), a field that is not one scheme and one
/// `b64token` (400), or a scheme other than `Bearer` (401; any case of the word is accepted).
pub fn bearer(headers: &HeaderMap) -> Result<Option<&str>, TokenError> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let Some(field) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(TokenError::CredentialRepeated);
    }
    // The token's characters are looked at one by one below, so that of the field only UTF-8 matters here.
    let field = str::from_utf8(field.as_bytes()).map_err(|_| TokenError::CredentialMalformed)?;
    // RFC 9110 section 11.4: the scheme, one or more spaces, the credential.
    let (scheme, rest) = field.split_once(' ').unwrap_or((field, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(if is_scheme(scheme) && rest.is_ascii() {
            TokenError::SchemeUnsupported
        } else {
            TokenError::CredentialMalformed
        });
    }
    let token = rest.trim_start_matches(' ');
    if is_b64token(token.as_bytes()) { Ok(Some(token)) } else { Err(TokenError::CredentialMalformed) }
}

/// A `token` of RFC 9110 section 5.6.2.
fn is_scheme(scheme: &str) -> bool {
    !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`. A comma is not in it, so a list is refused.
fn is_b64token(token: &[u8]) -> bool {
    let mut body = token;
    while let [rest @ .., b'='] = body {
        body = rest;
    }
    // Without a branch per byte, so that the compiler can look at many at a time.
    !body.is_empty() && body.iter().fold(0, |bad, &byte| bad | u8::from(!is_b64token_byte(byte))) == 0
}

const fn is_b64token_byte(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // `-`, `.`, `/` and the digits stand in a row.
    let dash_to_nine = byte.wrapping_sub(b'-') <= b'9' - b'-';
    letter | dash_to_nine | (byte == b'_') | (byte == b'~') | (byte == b'+')
}

#[cfg(test)]
mod tests;

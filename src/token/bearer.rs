//! Where the credential stands in a request: RFC 6750 section 2.1, and nowhere else.

use http::HeaderMap;

use super::TokenError;

/// The bearer token of a request, from the `Authorization` field only.
///
/// `None`: there is no such field. An error: more than one field (400), a field that is not one scheme and one
/// `b64token` (400), or a scheme other than `Bearer` (401; any case of the word is accepted).
pub fn bearer(headers: &HeaderMap) -> Result<Option<&str>, TokenError> {
    let _ = headers;
    todo!()
}

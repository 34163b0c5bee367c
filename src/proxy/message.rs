//! A request as it goes on the wire, and an answer as it goes to the client.

use http::header::{CONTENT_LENGTH, COOKIE, EXPECT, HOST, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version, response};
use http_body::Body as _;
use hyper::body::Incoming;

use super::Body;
use super::error::{Failure, ForwardErrorKind};
use super::headers;
use super::upstream::{Endpoint, Upstream};

/// What holds for every attempt and protocol.
pub(super) fn prepare(request: &mut Request<Body>) {
    let from_http2 = request.version() == Version::HTTP_2;
    // What the pipeline noted for itself stays here.
    request.extensions_mut().clear();
    let length = request.body().size_hint().exact();
    let headers = request.headers_mut();
    // One pass over the names spares most requests three look-ups.
    let is_framed = headers.keys().any(|name| matches!(*name, CONTENT_LENGTH | EXPECT | TRANSFER_ENCODING));
    if is_framed {
        headers.remove(TRANSFER_ENCODING);
        headers.remove(EXPECT);
        set_content_length(headers, length);
    }
    if from_http2 {
        join_cookies(headers);
    }
}

/// The request for a connection of HTTP/1.1: origin form, `Host`, a length or chunks.
pub(super) fn for_http1(
    request: &mut Request<Body>,
    upstream: &Upstream,
    endpoint: &Endpoint,
) -> Result<(), Failure> {
    *request.version_mut() = Version::HTTP_11;
    if request.uri().authority().is_some() {
        to_origin_form(request)?;
    }
    let chunked = request.body().size_hint().exact().is_none();
    let headers = request.headers_mut();
    if !upstream.preserves_host() || !headers.contains_key(HOST) {
        headers.insert(HOST, endpoint.authority_value().clone());
    }
    if chunked {
        // hyper would leave out the body of a GET whose length it does not know.
        headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    Ok(())
}

/// The request for a connection of HTTP/2: scheme and authority in the URI in place of `Host` (RFC 9113 section 8.3.1).
pub(super) fn for_http2(
    request: &mut Request<Body>,
    upstream: &Upstream,
    endpoint: &Endpoint,
) -> Result<(), Failure> {
    *request.version_mut() = Version::HTTP_2;
    let headers = request.headers_mut();
    headers.remove(TRANSFER_ENCODING);
    let authority = match headers.remove(HOST) {
        Some(host) if upstream.preserves_host() => Authority::try_from(host.as_bytes())
            .map_err(|_| Failure::unsent(ForwardErrorKind::Unsupported, "`Host` is not an authority"))?,
        _ => endpoint.authority().clone(),
    };
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.scheme = Some(endpoint.scheme());
    if parts.authority.is_none() || !upstream.preserves_host() {
        parts.authority = Some(authority);
    }
    *request.uri_mut() = uri(parts)?;
    Ok(())
}

/// Makes an upstream's head fit for the client: without hop-by-hop fields, with the one length that the body has, in
/// our own version of HTTP.
pub(super) fn settle(parts: &mut response::Parts, body: &Incoming, is_head: bool) {
    parts.version = Version::HTTP_11;
    headers::strip_response_hop_by_hop(&mut parts.headers);
    if is_head || parts.status == StatusCode::NOT_MODIFIED {
        // The length of what a GET would have brought.
        keep_one_content_length(&mut parts.headers);
    } else if parts.status == StatusCode::NO_CONTENT {
        parts.headers.remove(CONTENT_LENGTH);
    } else {
        set_content_length(&mut parts.headers, body.size_hint().exact());
    }
}

/// Leaves a `Content-Length` only if it says exactly what the body's length is. Where it is needed and missing, hyper
/// writes it.
fn set_content_length(headers: &mut HeaderMap, length: Option<u64>) {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let Some(value) = values.next() else { return };
    let alone = values.next().is_none();
    match length {
        Some(length) if alone && is_decimal(value, length) => {}
        Some(length) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        None => {
            headers.remove(CONTENT_LENGTH);
        }
    }
}

fn keep_one_content_length(headers: &mut HeaderMap) {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let Some(value) = values.next() else { return };
    if values.next().is_some() || !value.as_bytes().iter().all(u8::is_ascii_digit) || value.is_empty() {
        headers.remove(CONTENT_LENGTH);
    }
}

/// Whether the text is the number, in its only canonical form.
fn is_decimal(value: &HeaderValue, number: u64) -> bool {
    let digits = value.as_bytes();
    let leading_zero = digits.len() > 1 && digits.first() == Some(&b'0');
    let parsed = digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    });
    !digits.is_empty() && !leading_zero && parsed == Some(number)
}

/// HTTP/2 may split `Cookie` (RFC 9113 section 8.2.3); what comes after us may not know that.
fn join_cookies(headers: &mut HeaderMap) {
    let mut values = headers.get_all(COOKIE).iter();
    let Some(first) = values.next() else { return };
    let mut joined = Vec::new();
    for value in values {
        if joined.is_empty() {
            joined.extend_from_slice(first.as_bytes());
        }
        joined.extend_from_slice(b"; ");
        joined.extend_from_slice(value.as_bytes());
    }
    if let (false, Ok(value)) =
        (joined.is_empty(), HeaderValue::from_maybe_shared(bytes::Bytes::from(joined)))
    {
        headers.insert(COOKIE, value);
    }
}

/// Undoes [`for_http2`].
fn to_origin_form(request: &mut Request<Body>) -> Result<(), Failure> {
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.scheme = None;
    let authority = parts.authority.take();
    *request.uri_mut() = uri(parts)?;
    if let (false, Some(authority)) = (request.headers().contains_key(HOST), authority)
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        request.headers_mut().insert(HOST, host);
    }
    Ok(())
}

fn uri(mut parts: http::uri::Parts) -> Result<Uri, Failure> {
    if parts.path_and_query.is_none() {
        parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
    }
    Uri::from_parts(parts)
        .map_err(|_| Failure::unsent(ForwardErrorKind::Unsupported, "the URI is not a path and query"))
}

/// Whether the method of a request is one that an upstream may see twice (RFC 9110 section 9.2.1).
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

#[cfg(test)]
mod tests;

//! The one host of a request (RFC 9112 section 3.2, RFC 9113 section 8.3.1).

use std::borrow::Cow;

use http::header::HOST;
use http::{HeaderMap, HeaderValue, Request, Uri, Version};

/// The longest host with port that is read.
const MAX_BYTES: usize = 300;

/// Makes `Host` the one authority of the request.
///
/// - HTTP/1.1 needs exactly one `Host`; HTTP/1.0 may have none.
/// - An authority in the request target (absolute form) takes the place of `Host`.
/// - In HTTP/2, `:authority` and `Host` must agree if both are there.
/// - User information, an empty host or label, and characters that no host name has are refused. A dot at the end is
///   removed and an IPv6 address written in its one form (RFC 5952), so that no route is missed by it.
pub(super) fn settle<B>(request: &mut Request<B>) -> Result<(), &'static str> {
    let replacement = {
        let field = single_field(request.headers())?;
        let target = target_authority(request.uri())?;
        let authority = match (target, field) {
            (Some(target), Some(field))
                if request.version() >= Version::HTTP_2 && !target.eq_ignore_ascii_case(field) =>
            {
                return Err("`:authority` and `Host` differ");
            }
            (Some(target), _) => target,
            (None, Some(field)) => field,
            (None, None) if request.version() < Version::HTTP_11 => return Ok(()),
            (None, None) => return Err("the request has no `Host`"),
        };
        let settled = spelled(authority);
        if split(&settled).is_none() {
            return Err("the request's host is malformed");
        }
        if field == Some(&*settled) { None } else { HeaderValue::from_str(&settled).ok() }
    };
    if let Some(host) = replacement {
        request.headers_mut().insert(HOST, host);
    }
    Ok(())
}

/// The settled authority; empty if a request of HTTP/1.0 has none.
pub(super) fn authority(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("")
}

/// The host alone, as it is routed by.
pub(super) fn name(authority: &str) -> &str {
    split(authority).unwrap_or("")
}

fn single_field(headers: &HeaderMap) -> Result<Option<&str>, &'static str> {
    let mut fields = headers.get_all(HOST).iter();
    let first = fields.next();
    if fields.next().is_some() {
        return Err("the request has more than one `Host`");
    }
    first.map(|host| host.to_str().map_err(|_| "the request's host is malformed")).transpose()
}

fn target_authority(uri: &Uri) -> Result<Option<&str>, &'static str> {
    match uri.scheme_str() {
        None | Some("http" | "https") => {}
        Some(_) => return Err("the scheme of the request target is neither `http` nor `https`"),
    }
    Ok(uri.authority().map(http::uri::Authority::as_str))
}

/// Splits off the port; `None` if it is not `host` or `host:port` with a registered name, an IPv4 or an IPv6 literal.
fn split(authority: &str) -> Option<&str> {
    if authority.len() > MAX_BYTES {
        return None;
    }
    if let Some(rest) = authority.strip_prefix('[') {
        let (literal, port) = rest.split_once(']')?;
        literal.parse::<std::net::Ipv6Addr>().ok()?;
        return if is_port(port) { authority.strip_suffix(port) } else { None };
    }
    let mut label_is_empty = true;
    for (index, byte) in authority.bytes().enumerate() {
        match byte {
            b':' => {
                let (host, port) = authority.split_at_checked(index)?;
                return (!label_is_empty && is_port(port)).then_some(host);
            }
            b'.' if label_is_empty => return None,
            b'.' => label_is_empty = true,
            b'-' | b'_' => label_is_empty = false,
            other if other.is_ascii_alphanumeric() => label_is_empty = false,
            _ => return None,
        }
    }
    (!label_is_empty).then_some(authority)
}

/// Nothing, or a colon and up to five digits.
fn is_port(text: &str) -> bool {
    match text.as_bytes() {
        [] => true,
        [b':', digits @ ..] => (1..=5).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// The one spelling, but for case.
fn spelled(authority: &str) -> Cow<'_, str> {
    let literal = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match literal.and_then(|(address, port)| Some((address.parse::<std::net::Ipv6Addr>().ok()?, port))) {
        Some((address, port)) => Cow::Owned(format!("[{address}]{port}")),
        None => without_final_dot(authority),
    }
}

fn without_final_dot(authority: &str) -> Cow<'_, str> {
    let colon = authority.bytes().rposition(|byte| byte == b':');
    let (host, port) = match colon.and_then(|colon| authority.split_at_checked(colon)) {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    match host.strip_suffix('.') {
        None => Cow::Borrowed(authority),
        Some(host) if port.is_empty() => Cow::Borrowed(host),
        Some(host) => Cow::Owned(format!("{host}{port}")),
    }
}

#[cfg(test)]
mod tests;

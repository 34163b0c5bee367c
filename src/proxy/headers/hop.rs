//! Fields that are for the next hop alone (RFC 9110 section 7.6.1).

use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::forwarded::remove_forwarded;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const HTTP2_SETTINGS: HeaderName = HeaderName::from_static("http2-settings");

/// Removes the hop-by-hop fields and those that `Connection` names. Gives back the protocol of an upgrade that the
/// client asks for (`Upgrade`, named by `Connection`), if any. `TE: trailers` stays, and so does `Trailer`.
///
/// `Host` and what frames the body stay although `Connection` may name them. Everything else that it names goes,
/// `Authorization` and `Cookie` too: what the upstream is to rely on is set afterwards, out of the client's reach.
///
/// An upgrade to HTTP/2 (`h2c`) or to TLS is never given back: it would open a way past the gateway.
pub fn strip_hop_by_hop(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let found = Found::among(headers);
    if found == Found::NONE {
        return None;
    }
    let upgrade = match headers.get(UPGRADE) {
        Some(protocol) if is_upgrade(headers) && may_upgrade_to(protocol) => Some(protocol.clone()),
        _ => None,
    };
    let takes_trailers = headers.get_all(TE).iter().any(|te| names(te, b"trailers"));
    strip(headers, found);
    if found.has(Found::PROXY_AUTHORIZATION) {
        headers.remove(PROXY_AUTHORIZATION);
    }
    if found.has(Found::HTTP2_SETTINGS) {
        headers.remove(HTTP2_SETTINGS);
    }
    if takes_trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    upgrade
}

/// Removes the hop-by-hop fields of an answer and those that its `Connection` names, but for `Content-Length`,
/// `Content-Type` and `Set-Cookie`. `Trailer` stays.
pub fn strip_response_hop_by_hop(headers: &mut HeaderMap) {
    let found = Found::among(headers);
    if found != Found::NONE {
        strip(headers, found);
    }
}

/// Removes the trailers that would frame the message, route it or speak for somebody (RFC 9110 section 6.5.1), if a
/// recipient takes them for header fields.
pub(in crate::proxy) fn strip_trailers(trailers: &mut HeaderMap) {
    strip(trailers, Found::among(trailers));
    remove_forwarded(trailers);
    for name in [
        AUTHORIZATION,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        COOKIE,
        HOST,
        PROXY_AUTHORIZATION,
        SET_COOKIE,
        TRAILER,
    ] {
        trailers.remove(name);
    }
}

/// Puts back the fields of an upgrade to `protocol`, as [`strip_hop_by_hop`] gave it.
pub fn put_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

/// Whether `Connection` names `Upgrade`.
pub(in crate::proxy) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get_all(CONNECTION).iter().any(|connection| names(connection, b"upgrade"))
}

/// Whether the list (protocols, connection options) has this entry, whatever its case.
pub(in crate::proxy) fn names(list: &HeaderValue, entry: &[u8]) -> bool {
    entries(list).any(|found| found.eq_ignore_ascii_case(entry))
}

/// Whether every protocol in the list is one that can be carried through without looking into it.
pub(in crate::proxy) fn may_upgrade_to(list: &HeaderValue) -> bool {
    entries(list).all(|protocol| {
        let name = protocol.split(|byte| *byte == b'/').next().unwrap_or(protocol);
        ![b"h2c".as_slice(), b"h2", b"http", b"tls"].iter().any(|barred| name.eq_ignore_ascii_case(barred))
    })
}

/// Removes the fields found, and those that `Connection` names.
fn strip(headers: &mut HeaderMap, found: Found) {
    if found.has(Found::CONNECTION) {
        // The usual `keep-alive` names nothing.
        if headers.get_all(CONNECTION).iter().any(|list| !is_option(list.as_bytes())) {
            remove_named(headers);
        }
        headers.remove(CONNECTION);
    }
    for (bit, name) in [
        (Found::KEEP_ALIVE, &KEEP_ALIVE),
        (Found::PROXY_AUTHENTICATE, &PROXY_AUTHENTICATE),
        (Found::PROXY_CONNECTION, &PROXY_CONNECTION),
        (Found::TE, &TE),
        (Found::TRANSFER_ENCODING, &TRANSFER_ENCODING),
        (Found::UPGRADE, &UPGRADE),
    ] {
        if found.has(bit) {
            headers.remove(name);
        }
    }
}

/// Removes the fields that `Connection` names.
fn remove_named(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(entries)
        .filter(|name| !is_option(name))
        .filter_map(|name| HeaderName::from_bytes(name).ok())
        .filter(|name| !is_end_to_end(name))
        .collect();
    for name in named {
        headers.remove(name);
    }
}

/// Which of the fields a message has: one pass over its names spares the look-ups of what is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Found(u16);

impl Found {
    const NONE: Self = Self(0);
    const CONNECTION: Self = Self(1);
    const KEEP_ALIVE: Self = Self(1 << 1);
    const PROXY_AUTHENTICATE: Self = Self(1 << 2);
    const PROXY_CONNECTION: Self = Self(1 << 3);
    const TE: Self = Self(1 << 4);
    const TRANSFER_ENCODING: Self = Self(1 << 5);
    const UPGRADE: Self = Self(1 << 6);
    /// For requests alone.
    const PROXY_AUTHORIZATION: Self = Self(1 << 7);
    const HTTP2_SETTINGS: Self = Self(1 << 8);

    fn among(headers: &HeaderMap) -> Self {
        headers.keys().fold(Self::NONE, |found, name| Self(found.0 | Self::of(name).0))
    }

    fn of(name: &HeaderName) -> Self {
        match *name {
            CONNECTION => Self::CONNECTION,
            PROXY_AUTHENTICATE => Self::PROXY_AUTHENTICATE,
            PROXY_AUTHORIZATION => Self::PROXY_AUTHORIZATION,
            TE => Self::TE,
            TRANSFER_ENCODING => Self::TRANSFER_ENCODING,
            UPGRADE => Self::UPGRADE,
            // Those that the library does not know by number.
            _ => match name.as_str() {
                "keep-alive" => Self::KEEP_ALIVE,
                "http2-settings" => Self::HTTP2_SETTINGS,
                "proxy-connection" => Self::PROXY_CONNECTION,
                _ => Self::NONE,
            },
        }
    }

    fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }
}

/// Entries of `Connection` that are dealt with anyway.
fn is_option(entry: &[u8]) -> bool {
    [b"close".as_slice(), b"keep-alive", b"te", b"upgrade"]
        .iter()
        .any(|known| entry.eq_ignore_ascii_case(known))
}

/// What `Connection` may not take away, because the message would become another one.
fn is_end_to_end(name: &HeaderName) -> bool {
    matches!(*name, HOST | CONTENT_LENGTH | CONTENT_TYPE | SET_COOKIE | TRAILER)
}

fn entries(list: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    list.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests;

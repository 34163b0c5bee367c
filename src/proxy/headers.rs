//! What a proxy may pass on: hop-by-hop fields (RFC 9110 section 7.6), `Forwarded` (RFC 7239), `X-Forwarded-*`, `Via`.

use std::net::IpAddr;

use http::{HeaderMap, HeaderValue};

/// Removes the hop-by-hop fields and those that `Connection` names. Gives back the protocol of an upgrade that the
/// client asks for (`Upgrade`, named by `Connection`), if any. `TE: trailers` stays.
pub fn strip_hop_by_hop(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let _ = headers;
    todo!()
}

/// What the gateway knows about the client of a request.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The peer of the connection.
    pub peer: IpAddr,
    /// Whether the peer is a proxy whose word counts.
    pub trusted: bool,
    /// `https`, or `http`.
    pub scheme: &'static str,
    /// The authority the client asked for.
    pub host: &'a str,
}

/// Writes `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`. From a trusted proxy the chain is continued; from anyone
/// else all of them, and `X-Forwarded-Port`, `-Prefix`, `-Server`, `X-Real-IP` and every spelling of these with
/// underscores, are removed first.
pub fn write_forwarded(headers: &mut HeaderMap, client: Client<'_>) {
    let _ = (headers, client);
    todo!()
}

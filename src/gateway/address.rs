//! Whose word about the client counts, and who the client is.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// Whether an address is a proxy that may be believed.
pub(super) fn is_trusted(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

/// The client: the rightmost address of `X-Forwarded-For` that is no trusted proxy, as far as trusted proxies wrote it.
/// The peer itself, if it is not trusted. An entry that is no address ends the chain: the proxy that passed it on is
/// then all that is known.
pub(super) fn client(proxies: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut client = peer;
    let fields = headers.get_all("x-forwarded-for");
    let entries = fields.iter().rev().flat_map(|field| field.to_str().unwrap_or("?").rsplit(','));
    for entry in entries {
        if !is_trusted(proxies, client) {
            break;
        }
        let Some(address) = parse(entry.trim()) else { break };
        client = address;
    }
    client
}

/// An address, with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address =
        bare.parse::<IpAddr>().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;

//! Who the client is, for the upstream: `Forwarded` (RFC 7239) and its elder relatives.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{FORWARDED, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::spellings::{fold, remove_where};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// How names begin in which a proxy before us may say what the request was: of whom, and, for some servers that let such
/// a field replace what the request line says, for which path and by which method.
const SAID_BY_PROXIES: [&[u8]; 6] = [
    b"x-forwarded-",
    b"x-original-",
    b"x-rewrite-url",
    b"x-http-method",
    b"x-method-override",
    b"x-envoy-original-path",
];

/// What the gateway knows about the client of a request.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// The peer of the connection.
    pub peer: IpAddr,
    /// Whether the peer is a proxy whose word counts.
    pub trusted: bool,
    /// `https`, or `http`.
    pub scheme: &'static str,
}

/// Writes `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded`. From a trusted proxy the chain is continued: the peer is
/// added to `X-Forwarded-For` and `Forwarded`, and what the proxy said in the others stays. From anyone else every
/// `X-Forwarded-*` (`-Port`, `-Prefix`, `-Server`, ...), `Forwarded` and `X-Real-IP` is removed first, and so are
/// `X-Original-*`, `X-Rewrite-URL`, `X-HTTP-Method*`, `X-Method-Override` and `X-Envoy-Original-Path`, by which an upstream
/// might take the request for another one than was decided on. Spellings with underscores, dots and the like are removed
/// from both: no proxy writes them, and some upstreams read them.
///
/// The host is that of `Host`, which the client asked for; one that is no text is left out.
///
/// `written` belongs to the connection: what was written first for a client whose word does not count is the same for its
/// next request to the same host.
pub fn write_forwarded(headers: &mut HeaderMap, client: Client, written: &Written) {
    remove_where(headers, |name| match kinship(name) {
        Kinship::None => false,
        Kinship::Spelling => true,
        // The four are replaced below.
        Kinship::Proper => {
            !client.trusted
                && ![X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, FORWARDED].contains(name)
        }
    });

    let host = headers.get(HOST).filter(|host| host.to_str().is_ok()).cloned();
    let text_of_host = host.as_ref().map_or(&[][..], HeaderValue::as_bytes);
    match written.again(client, text_of_host) {
        Some((address, element)) => {
            headers.insert(X_FORWARDED_FOR, address);
            headers.insert(FORWARDED, element);
        }
        None => {
            let peer = client.peer.to_canonical();
            let mut text = Text::new();
            text.push_address(peer);
            put(headers, X_FORWARDED_FOR, client.trusted, &text);

            let mut text = Text::new();
            text.push_element(peer, client.scheme, text_of_host);
            put(headers, FORWARDED, client.trusted, &text);
            written.note(headers, client, text_of_host);
        }
    }

    if !(client.trusted && headers.contains_key(X_FORWARDED_PROTO)) {
        headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(client.scheme));
    }
    if !(client.trusted && headers.contains_key(X_FORWARDED_HOST)) {
        match host {
            Some(host) => headers.insert(X_FORWARDED_HOST, host),
            None => headers.remove(X_FORWARDED_HOST),
        };
    }
}

/// What was written first on a connection: nearly all of its requests are to one host.
#[derive(Debug, Default)]
pub struct Written(OnceLock<First>);

#[derive(Debug)]
struct First {
    host: Box<[u8]>,
    address: HeaderValue,
    element: HeaderValue,
}

impl Written {
    fn again(&self, client: Client, host: &[u8]) -> Option<(HeaderValue, HeaderValue)> {
        if client.trusted {
            return None;
        }
        let first = self.0.get().filter(|first| *first.host == *host)?;
        Some((first.address.clone(), first.element.clone()))
    }

    fn note(&self, headers: &HeaderMap, client: Client, host: &[u8]) {
        if let (false, Some(address), Some(element)) =
            (client.trusted, headers.get(X_FORWARDED_FOR), headers.get(FORWARDED))
        {
            let (address, element) = (address.clone(), element.clone());
            self.0.get_or_init(|| First { host: host.into(), address, element });
        }
    }
}

/// Removes everything of the kind, in every spelling: a trailer tells nothing about the request.
pub(super) fn remove_forwarded(trailers: &mut HeaderMap) {
    remove_where(trailers, |name| !matches!(kinship(name), Kinship::None));
}

/// How a name is related to `X-Forwarded-*`, `Forwarded`, `X-Real-IP` and those that replace the request line.
enum Kinship {
    None,
    Proper,
    Spelling,
}

fn kinship(name: &HeaderName) -> Kinship {
    let bytes = name.as_str().as_bytes();
    let related = match bytes.first() {
        Some(b'f') => *name == FORWARDED,
        Some(b'x') => {
            let begins = |with: &[u8]| {
                bytes.len() >= with.len() && with.iter().zip(bytes).all(|(with, byte)| *with == fold(*byte))
            };
            SAID_BY_PROXIES.into_iter().any(begins) || (bytes.len() == 9 && begins(b"x-real-ip"))
        }
        _ => false,
    };
    match related {
        false => Kinship::None,
        true if bytes.iter().any(|byte| *byte != b'-' && fold(*byte) == b'-') => Kinship::Spelling,
        true => Kinship::Proper,
    }
}

/// Sets the field, or adds to it if what is there counts.
fn put(headers: &mut HeaderMap, name: HeaderName, keep: bool, text: &Text) {
    let mut chain = Vec::new();
    if keep {
        for value in headers.get_all(&name) {
            chain.extend_from_slice(value.as_bytes());
            chain.extend_from_slice(b", ");
        }
    }
    let value = if chain.is_empty() {
        HeaderValue::from_bytes(text.bytes())
    } else {
        chain.extend_from_slice(text.bytes());
        HeaderValue::from_maybe_shared(Bytes::from(chain))
    };
    match value {
        Ok(value) => headers.insert(name, value),
        Err(_) => headers.remove(name),
    };
}

/// A text that lies on the stack unless it is very long.
struct Text {
    stack: [u8; 256],
    length: usize,
    heap: Vec<u8>,
}

impl Text {
    fn new() -> Self {
        Self { stack: [0; 256], length: 0, heap: Vec::new() }
    }

    fn bytes(&self) -> &[u8] {
        if self.heap.is_empty() { self.stack.get(..self.length).unwrap_or_default() } else { &self.heap }
    }

    fn push(&mut self, part: &[u8]) {
        let end = self.length.saturating_add(part.len());
        match self.stack.get_mut(self.length..end) {
            Some(room) if self.heap.is_empty() => {
                room.copy_from_slice(part);
                self.length = end;
            }
            _ => {
                if self.heap.is_empty() {
                    self.heap = self.bytes().to_vec();
                }
                self.heap.extend_from_slice(part);
            }
        }
    }

    fn push_address(&mut self, address: IpAddr) {
        match address {
            IpAddr::V4(address) => self.push_v4(address),
            IpAddr::V6(address) => self.push(address.to_string().as_bytes()),
        }
    }

    fn push_v4(&mut self, address: Ipv4Addr) {
        for (index, octet) in address.octets().into_iter().enumerate() {
            if index > 0 {
                self.push(b".");
            }
            let digits = [b'0' + octet / 100, b'0' + octet / 10 % 10, b'0' + octet % 10];
            let [_, tens @ ..] = &digits;
            let [_, ones @ ..] = tens;
            self.push(match octet {
                100.. => &digits,
                10.. => tens,
                _ => ones,
            });
        }
    }

    /// One element of `Forwarded`.
    fn push_element(&mut self, peer: IpAddr, scheme: &str, host: &[u8]) {
        self.push(b"for=");
        if peer.is_ipv6() {
            self.push(b"\"[");
            self.push_address(peer);
            self.push(b"]\"");
        } else {
            self.push_address(peer);
        }
        if !host.is_empty() && !host.iter().any(u8::is_ascii_control) {
            self.push(b";host=");
            self.push_value(host);
        }
        self.push(b";proto=");
        self.push(scheme.as_bytes());
    }

    /// A token, or a quoted string if it can't be one (RFC 9110 section 5.6).
    fn push_value(&mut self, value: &[u8]) {
        if value.iter().all(|byte| is_token(*byte)) {
            return self.push(value);
        }
        self.push(b"\"");
        for part in value.split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
            match part.split_last() {
                Some((special @ (b'"' | b'\\'), plain)) => {
                    self.push(plain);
                    self.push(&[b'\\', *special]);
                }
                _ => self.push(part),
            }
        }
        self.push(b"\"");
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;

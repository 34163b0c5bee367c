//! Which hosts a route serves.

use std::cmp::Reverse;
use std::net::Ipv6Addr;

/// A host of a route: exact, or `*.example.com`, which is one label and more.
///
/// Their order is the precedence: what comes first is in charge. Exact hosts come before wildcards, and longer
/// wildcards before shorter ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern(Kind);

/// The order of the variants is the precedence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Exact(Box<str>),
    /// The length, and the text from the dot on.
    Wildcard(Reverse<usize>, Box<str>),
}

impl HostPattern {
    /// Parses `shop.example.com` or `*.example.com`; any case, no port. IPv6 addresses stand in brackets.
    pub fn parse(text: &str) -> Result<Self, String> {
        let host = text.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return match address.parse::<Ipv6Addr>() {
                // In the form that requests are brought to.
                Ok(address) => Ok(Self(Kind::Exact(format!("[{address}]").into()))),
                Err(_) => Err(format!("`{text}` is no IPv6 address")),
            };
        }
        let (labels, wildcard) = match host.strip_prefix("*.") {
            Some(labels) => (labels, true),
            None => (host, false),
        };
        if labels.contains('*') {
            return Err(format!(
                "`{text}` has a `*` in the middle; expected a host like `shop.example.com` or `*.example.com`"
            ));
        }
        if labels.contains(':') {
            return Err(format!("`{text}` has a port; a route is found by the host without it"));
        }
        if !labels.is_ascii() {
            return Err(format!("`{text}` is not in ASCII; expected the form that is sent, `xn--...`"));
        }
        if !labels.split('.').all(is_label) {
            return Err(format!("`{text}` is no host; expected `shop.example.com` or `*.example.com`"));
        }
        Ok(Self(if wildcard {
            let suffix = format!(".{labels}");
            Kind::Wildcard(Reverse(suffix.len()), suffix.into())
        } else {
            Kind::Exact(labels.into())
        }))
    }

    /// Whether it covers a host in lower case, without port and without a dot at the end.
    pub fn matches(&self, host: &str) -> bool {
        match &self.0 {
            Kind::Exact(exact) => **exact == *host,
            Kind::Wildcard(_, suffix) => {
                host.strip_suffix(&**suffix).is_some_and(|label| !label.is_empty() && !label.starts_with('.'))
            }
        }
    }

    /// The whole host, if it is no wildcard.
    pub(super) fn exact(&self) -> Option<&str> {
        match &self.0 {
            Kind::Exact(host) => Some(host),
            Kind::Wildcard(..) => None,
        }
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Kind::Exact(host) => f.write_str(host),
            Kind::Wildcard(_, suffix) => write!(f, "*{suffix}"),
        }
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests;

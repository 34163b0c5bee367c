//! An upstream, compiled: endpoints, whose turn it is, TLS.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderValue;
use http::uri::{Authority, Scheme};
use url::{Position, Url};

use super::tls::{EndpointTls, TlsSettings};
use crate::config::{Problem, UpstreamConfig, UpstreamProtocol, UpstreamTimeouts};

/// An upstream, compiled from `[upstreams.NAME]`.
#[derive(Debug)]
pub struct Upstream {
    id: u64,
    name: Arc<str>,
    endpoints: Box<[Endpoint]>,
    protocol: UpstreamProtocol,
    preserve_host: bool,
    timeouts: UpstreamTimeouts,
    attempts: u32,
    idle_connections: usize,
}

/// A place where an upstream listens.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// Without the brackets of IPv6.
    host: String,
    port: u16,
    authority: Authority,
    authority_value: HeaderValue,
    tls: Option<EndpointTls>,
}

impl Upstream {
    /// Compiles; reads certificate files relative to `folder`.
    pub fn build(name: &str, config: &UpstreamConfig, folder: &Path) -> Result<Self, Vec<Problem>> {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        let key = format!("upstreams.{name}");
        let mut problems = Vec::new();
        if config.endpoints.is_empty() {
            problems.push(
                Problem::new(format!("{key}.endpoints"), "an upstream without endpoints")
                    .hint("name at least one, such as `http://127.0.0.1:8080`"),
            );
        }
        let mut urls = Vec::new();
        for (index, text) in config.endpoints.iter().enumerate() {
            match parse(text) {
                Ok(url) => urls.push((index, url)),
                Err(problem) => problems.push(Problem { key: format!("{key}.endpoints.{index}"), ..problem }),
            }
        }
        let tls = if urls.iter().any(|(_, url)| url.scheme() == "https") {
            match TlsSettings::build(config, folder, &format!("{key}.tls")) {
                Ok(settings) => Some(Arc::new(settings)),
                Err(found) => {
                    problems.extend(found);
                    None
                }
            }
        } else {
            None
        };
        let mut endpoints = Vec::new();
        for (index, url) in &urls {
            match Endpoint::build(url, tls.as_ref()) {
                Some(endpoint) => endpoints.push(endpoint),
                // Without settings the problem is known.
                None if tls.is_none() && url.scheme() == "https" => {}
                None => problems.push(Problem::new(
                    format!("{key}.endpoints.{index}"),
                    format!("`{url}` has no usable host"),
                )),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            name: name.into(),
            endpoints: endpoints.into(),
            protocol: config.protocol,
            preserve_host: config.preserve_host,
            timeouts: config.timeouts.clone(),
            attempts: config.retry.attempts,
            idle_connections: config.idle_connections,
        })
    }

    /// The name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Different from that of every other upstream of this process, also of one with the same name.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    pub(super) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    pub(super) fn protocol(&self) -> UpstreamProtocol {
        self.protocol
    }

    pub(super) fn preserves_host(&self) -> bool {
        self.preserve_host
    }

    pub(super) fn timeouts(&self) -> &UpstreamTimeouts {
        &self.timeouts
    }

    /// How often a request may be sent again.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(super) fn idle_connections(&self) -> usize {
        self.idle_connections
    }
}

impl Endpoint {
    fn build(url: &Url, tls: Option<&Arc<TlsSettings>>) -> Option<Self> {
        let host = match url.host()? {
            url::Host::Domain(name) => name.to_owned(),
            url::Host::Ipv4(address) => address.to_string(),
            url::Host::Ipv6(address) => address.to_string(),
        };
        // Without the port if it is the scheme's.
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        let tls = match url.scheme() {
            "https" => Some(EndpointTls::new(tls?, &host)?),
            _ => None,
        };
        Some(Self {
            port: url.port_or_known_default()?,
            authority: authority.parse().ok()?,
            authority_value: HeaderValue::from_str(authority).ok()?,
            host,
            tls,
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Host and port, as in a URI.
    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Host and port, as in a `Host` field.
    pub(super) fn authority_value(&self) -> &HeaderValue {
        &self.authority_value
    }

    pub(super) fn scheme(&self) -> Scheme {
        if self.is_tls() { Scheme::HTTPS } else { Scheme::HTTP }
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) fn tls(&self) -> Option<&EndpointTls> {
        self.tls.as_ref()
    }
}

/// An endpoint as written. The problem's key is the caller's.
fn parse(text: &str) -> Result<Url, Problem> {
    const FORM: &str = "write `http://HOST:PORT` or `https://HOST:PORT`";
    let wrong = |message: String| Problem::new("", message).hint(FORM);
    // Not repeated in an error: it may hold a password.
    if text.contains('@') {
        return Err(wrong("an endpoint has no user or password".to_owned()));
    }
    let url = Url::parse(text).map_err(|error| wrong(format!("`{text}` is not an endpoint: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("`{text}` is neither `http` nor `https`")));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(format!("`{text}` has a path")));
    }
    if url.port() == Some(0) {
        return Err(wrong(format!("`{text}` has the port 0")));
    }
    Ok(url)
}

#[cfg(test)]
mod tests;

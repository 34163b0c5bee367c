//! The wire: any call below the base URL, any status as an answer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::address;
use super::error::{CallError, ErrorClass};
use super::outbound::{self, Trust, Unread, reason};
use super::request::{Body, Method, Request};
use super::response::Response;
use super::settings::{ConnectionSettings, Verify};

/// A connection to a server: a pool, and what every call has in common. Clones share it.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    settings: ConnectionSettings,
    base: Url,
    client: reqwest::Client,
    headers: HeaderMap,
}

impl Connection {
    /// Makes no call. An error says which setting is wrong.
    pub fn open(settings: ConnectionSettings) -> Result<Self, CallError> {
        let wrong = |fact: String| CallError::local(ErrorClass::Connection, fact);
        let base = address::base(&settings.base_url).map_err(wrong)?;
        let client = client(&settings).map_err(wrong)?;
        let fields = settings.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers = header_map(fields).map_err(wrong)?;
        Ok(Self { inner: Arc::new(Inner { settings, base, client, headers }) })
    }

    /// The settings it was opened with.
    pub fn settings(&self) -> &ConnectionSettings {
        &self.inner.settings
    }

    /// The address of a path below the base URL.
    pub fn address(&self, path: &str) -> Url {
        address::below(&self.inner.base, path)
    }

    /// Makes a call. Any status is an answer; an error is one of [`ErrorClass::Connection`].
    ///
    /// Any call; python-keycloak `ConnectionManager.raw_get`, `ConnectionManager.raw_post`, `ConnectionManager.raw_put`, `ConnectionManager.raw_delete`
    pub async fn send(&self, request: &Request) -> Result<Response, CallError> {
        let url = self.address(&request.path);
        let call = format!("{} {}", request.method.name(), url.path());
        let fields = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let own = header_map(fields).map_err(|fact| CallError::local(ErrorClass::Connection, fact))?;
        let mut retries = self.inner.settings.max_retries;
        let begin = Instant::now();
        loop {
            let left = self.inner.settings.timeout.saturating_sub(begin.elapsed());
            match self.attempt(request, url.clone(), own.clone(), left).await {
                Ok((status, headers, body)) => {
                    let text = |name: HeaderName| {
                        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
                    };
                    return Ok(Response {
                        status,
                        location: text(http::header::LOCATION),
                        challenge: text(http::header::WWW_AUTHENTICATE),
                        body,
                        call,
                    });
                }
                Err(Failure { may_repeat: true, .. }) if retries > 0 => retries -= 1,
                Err(failure) => return Err(CallError::unreachable(&call, &failure.reason)),
            }
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        url: Url,
        own: HeaderMap,
        timeout: Duration,
    ) -> Result<(u16, HeaderMap, Bytes), Failure> {
        let client = &self.inner.client;
        let builder = match request.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url),
            Method::Put => client.put(url),
            Method::Delete => client.delete(url),
        };
        let builder =
            if request.query.pairs().is_empty() { builder } else { builder.query(request.query.pairs()) };
        let builder = match &request.body {
            Body::Empty => builder,
            Body::Json(value) => builder.json(value),
            Body::Form(fields) => builder.form(fields),
            Body::Multipart(fields) => {
                let form = reqwest::multipart::Form::new();
                builder.multipart(
                    fields.iter().fold(form, |form, (name, value)| form.text(name.clone(), value.clone())),
                )
            }
            Body::Raw(bytes, kind) => {
                let builder = builder.body(bytes.clone());
                match kind {
                    Some(kind) => builder.header(http::header::CONTENT_TYPE, kind),
                    None => builder,
                }
            }
        };
        let mut common = self.inner.headers.clone();
        if matches!(request.body, Body::Multipart(_)) {
            // Only the content type that was made with the body has its boundary.
            common.remove(http::header::CONTENT_TYPE);
        }
        // The later ones take the place of the earlier ones.
        let builder = builder.headers(common).headers(own).timeout(timeout);
        let repeatable = request.method == Method::Get;
        let sent = builder.send().await.map_err(|error| Failure::of(error, repeatable))?;
        let (status, headers) = (sent.status().as_u16(), sent.headers().clone());
        let body = read(sent, self.inner.settings.max_bytes, repeatable).await?;
        Ok((status, headers, body))
    }
}

/// Nothing that can hold a password.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base", &self.inner.base.as_str())
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// Why there was no answer.
struct Failure {
    reason: String,
    /// Whether the server cannot have acted on the call, or acting twice is acting once.
    may_repeat: bool,
}

impl Failure {
    fn of(error: reqwest::Error, repeatable: bool) -> Self {
        let is_broken = error.is_request() || error.is_body() || error.is_decode();
        let may_repeat = !error.is_timeout() && (error.is_connect() || (repeatable && is_broken));
        Self { reason: reason(&error.without_url()), may_repeat }
    }
}

async fn read(sent: reqwest::Response, max: usize, repeatable: bool) -> Result<Bytes, Failure> {
    let most = u64::try_from(max).unwrap_or(u64::MAX);
    outbound::body(sent, most).await.map_err(|unread| match unread {
        Unread::TooLong => {
            Failure { reason: format!("the answer is longer than {max} bytes"), may_repeat: false }
        }
        Unread::Broken(error) => Failure::of(error, repeatable),
    })
}

fn client(settings: &ConnectionSettings) -> Result<reqwest::Client, String> {
    let said = |error: reqwest::Error| reason(&error);
    let (trust, of) = match &settings.verify {
        Verify::System if settings.base_url.starts_with("http:") => (Trust::Nobody, None),
        Verify::System => (Trust::System, None),
        Verify::Nothing => (Trust::Everybody, None),
        Verify::Authorities(path) => (Trust::Only(file(path)?), Some(path)),
    };
    let mut builder = outbound::client(&trust).map_err(|fact| match of {
        Some(path) => format!("`{}`: {fact}", path.display()),
        None => fact,
    })?;
    builder = builder.pool_max_idle_per_host(settings.pool_size.unwrap_or(usize::MAX));
    if let Some(certificate) = &settings.certificate {
        let mut pem = file(&certificate.certificate)?;
        if let Some(key) = &certificate.key {
            pem.push(b'\n');
            pem.extend(file(key)?);
        }
        builder = builder.identity(reqwest::Identity::from_pem(&pem).map_err(said)?);
    }
    for (scheme, proxy) in &settings.proxies {
        builder = builder.proxy(
            match scheme.as_str() {
                "http" => reqwest::Proxy::http(proxy),
                "https" => reqwest::Proxy::https(proxy),
                "all" => reqwest::Proxy::all(proxy),
                other => return Err(format!("a proxy is for `http`, `https` or `all`, not for `{other}`")),
            }
            .map_err(said)?,
        );
    }
    builder.build().map_err(said)
}

fn file(path: &std::path::Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

fn header_map<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not the name of a header field"))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| {
            format!("the value of the header field `{name}` has characters that it must not have")
        })?;
        value.set_sensitive(key == http::header::AUTHORIZATION);
        map.insert(key, value);
    }
    Ok(map)
}

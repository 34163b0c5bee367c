//! Cross-origin requests (WHATWG Fetch, section 3.3): preflights answered, answers made readable.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Request};

use crate::config::{CorsConfig, Problem};

/// `[routes.NAME.cors]`, compiled.
#[derive(Debug)]
pub(super) struct Cors {
    origins: Origins,
    allow_headers: HeaderValue,
    expose: Option<HeaderValue>,
    credentials: bool,
    max_age: Option<HeaderValue>,
}

#[derive(Debug)]
enum Origins {
    Listed(Vec<HeaderValue>),
    Any,
}

/// A preflight's answer.
#[derive(Debug)]
pub struct Preflight {
    /// `None`: the origin may not.
    pub(super) headers: Option<HeaderMap>,
}

/// The method that a preflight asks for: `OPTIONS` with `Origin` and `Access-Control-Request-Method`.
pub(super) fn preflight_method<B>(request: &Request<B>) -> Option<Method> {
    if *request.method() != Method::OPTIONS || !request.headers().contains_key(ORIGIN) {
        return None;
    }
    Method::from_bytes(request.headers().get(ACCESS_CONTROL_REQUEST_METHOD)?.as_bytes()).ok()
}

impl Cors {
    /// Compiles; `key` is `routes.NAME.cors`. `Authorization` and `Content-Type` are always among the headers allowed,
    /// beside those that Fetch allows anyhow.
    pub(super) fn compile(key: &str, config: &CorsConfig) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let origins = compile_origins(key, config, &mut problems);
        let mut allowed = vec!["authorization".to_owned(), "content-type".to_owned()];
        allowed.extend(names(&format!("{key}.headers"), &config.headers, &mut problems));
        allowed.dedup();
        let expose = names(&format!("{key}.expose"), &config.expose, &mut problems);
        let seconds = config.max_age.get().as_secs();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            origins,
            allow_headers: joined(&allowed).unwrap_or(HeaderValue::from_static("authorization")),
            expose: joined(&expose),
            credentials: config.credentials,
            max_age: (seconds > 0).then(|| HeaderValue::from(seconds)),
        })
    }

    /// Answers a preflight for a method that the route has.
    pub(super) fn preflight(&self, request: &HeaderMap, method: &Method) -> Preflight {
        let origin = request.get(ORIGIN);
        let mut headers = HeaderMap::new();
        if !self.allow_origin(origin, &mut headers) {
            return Preflight { headers: None };
        }
        if let Ok(method) = HeaderValue::from_str(method.as_str()) {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, method);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, self.allow_headers.clone());
        if let Some(seconds) = &self.max_age {
            headers.insert(ACCESS_CONTROL_MAX_AGE, seconds.clone());
        }
        headers.append(VARY, HeaderValue::from_static("access-control-request-method"));
        Preflight { headers: Some(headers) }
    }

    /// Makes an answer, the upstream's or our own, readable for the origin; what the upstream itself said of it goes.
    pub(super) fn decorate(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        for name in
            [ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_EXPOSE_HEADERS]
        {
            headers.remove(name);
        }
        if self.allow_origin(origin, headers)
            && let Some(expose) = &self.expose
        {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, expose.clone());
        }
    }

    /// Writes the origin, if it may; `Vary` in any case, since the next origin may get another answer.
    fn allow_origin(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) -> bool {
        let allowed = match &self.origins {
            Origins::Any => origin.map(|_| HeaderValue::from_static("*")),
            Origins::Listed(origins) => {
                headers.append(VARY, HeaderValue::from_static("origin"));
                origin.filter(|origin| origins.contains(origin)).cloned()
            }
        };
        let Some(allowed) = allowed else { return false };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        true
    }
}

impl Preflight {
    pub(super) fn code(&self) -> &'static str {
        if self.headers.is_some() { "" } else { "origin_not_allowed" }
    }

    pub(super) fn reason(&self) -> &'static str {
        if self.headers.is_some() { "" } else { "the route does not allow the request's origin" }
    }
}

fn compile_origins(key: &str, config: &CorsConfig, problems: &mut Vec<Problem>) -> Origins {
    let key = format!("{key}.origins");
    if config.origins.is_empty() {
        problems.push(
            Problem::new(&key, "no origin is allowed").hint("list origins, or write `[\"*\"]` for any"),
        );
    }
    if config.origins.iter().any(|origin| origin == "*") {
        if config.origins.len() > 1 {
            problems.push(Problem::new(&key, "`*` stands beside other origins"));
        }
        if config.credentials {
            let hint = "list the origins that may send credentials";
            problems.push(Problem::new(&key, "`*` does not go with `credentials = true`").hint(hint));
        }
        return Origins::Any;
    }
    let origins = config.origins.iter().enumerate().filter_map(|(index, origin)| {
        let parsed = parse_origin(origin);
        if parsed.is_none() {
            let message = format!("`{origin}` is not an origin");
            let hint = "an origin is a scheme, a host and a port if it is not the usual one, in lower case and \
                        without a path: `https://app.example.com`";
            problems.push(Problem::new(format!("{key}.{index}"), message).hint(hint));
        }
        parsed
    });
    Origins::Listed(origins.collect())
}

/// An origin exactly as a browser writes it, or it would never match.
fn parse_origin(text: &str) -> Option<HeaderValue> {
    let written = url::Url::parse(text).ok()?.origin().ascii_serialization();
    (written == text && text != "null").then(|| HeaderValue::from_str(text).ok()).flatten()
}

fn names(key: &str, names: &[String], problems: &mut Vec<Problem>) -> Vec<String> {
    let parsed = names.iter().enumerate().filter_map(|(index, name)| match HeaderName::try_from(name) {
        Ok(name) => Some(name.as_str().to_owned()),
        Err(_) => {
            problems.push(Problem::new(format!("{key}.{index}"), format!("`{name}` is not a header name")));
            None
        }
    });
    parsed.collect()
}

fn joined(names: &[String]) -> Option<HeaderValue> {
    if names.is_empty() { None } else { HeaderValue::from_str(&names.join(", ")).ok() }
}

#[cfg(test)]
mod tests;

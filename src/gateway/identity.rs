//! Who calls, as headers for the upstream.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue};
use parking_lot::Mutex;
use serde_json::Value;

use super::request_id::X_REQUEST_ID;
use crate::config::{IdentityConfig, Problem};
use crate::proxy::headers::Spellings;
use crate::token::{Glance, Principal};

/// `[identity]`, compiled.
///
/// A value is written so that it can be read in one way only: bytes outside visible ASCII and space, and `%` itself,
/// are percent-encoded (UTF-8), and so is a space at either end; in a list, which is joined with commas, also the comma
/// inside an entry. A claim that is missing, empty, or neither text, number, boolean nor a list of these sets no header.
#[derive(Debug)]
pub(super) struct Identity {
    headers: Vec<(HeaderName, Source)>,
    client_may_not_send: Arc<Spellings>,
}

/// Headers made of one principal.
pub(super) type IdentityHeaders = Box<[(HeaderName, HeaderValue)]>;

/// Where a value comes from.
#[derive(Debug)]
enum Source {
    Username,
    RealmRoles,
    ClientRoles,
    Scopes,
    Groups,
    Client,
    Issuer,
    Claim(String),
}

/// What a request is framed, routed and authenticated by; and what the gateway writes itself.
const RESERVED: [&str; 19] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
];

impl Identity {
    /// Compiles `[identity]`.
    pub(super) fn compile(config: &IdentityConfig) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut headers = Vec::with_capacity(config.headers.len());
        for (name, source) in &config.headers {
            let key = format!("identity.headers.{name}");
            match (header_name(name), Source::parse(source)) {
                (Ok(name), Ok(source)) => headers.push((interned(&name), source)),
                (name, source) => {
                    let messages = name.err().into_iter().chain(source.err());
                    problems.extend(messages.map(|message| Problem::new(&key, message)));
                }
            }
        }
        for (index, name) in config.remove.iter().enumerate() {
            if let Err(message) = header_name(name) {
                problems.push(Problem::new(format!("identity.remove.{index}"), message));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let names = config.headers.keys().chain(&config.remove).map(String::as_str);
        let client_may_not_send = Spellings::new(names.chain([X_REQUEST_ID.as_str()]));
        Ok(Self { headers, client_may_not_send: Arc::new(client_may_not_send) })
    }

    /// Removes every identity header, in every spelling that a server could take for it. On every route, before
    /// anything else, so that nobody but us ever sets one.
    pub(super) fn remove(&self, headers: &mut HeaderMap) {
        self.client_may_not_send.remove(headers);
    }

    /// The same names, for the trailers that come behind a body.
    pub(super) fn barred(&self) -> Arc<Spellings> {
        Arc::clone(&self.client_may_not_send)
    }

    /// The headers of a principal.
    pub(super) fn headers_of(&self, principal: &Principal) -> IdentityHeaders {
        let value = |(name, source): &(HeaderName, Source)| Some((name.clone(), source.value(principal)?));
        self.headers.iter().filter_map(value).collect()
    }
}

impl Source {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "@username" => Self::Username,
            "@realm_roles" => Self::RealmRoles,
            "@client_roles" => Self::ClientRoles,
            "@scopes" => Self::Scopes,
            "@groups" => Self::Groups,
            "@client" => Self::Client,
            "@issuer" => Self::Issuer,
            "" => return Err("the name of a claim is empty".to_owned()),
            word if word.starts_with('@') => {
                return Err(format!("`{word}` is not a word that is known here"));
            }
            claim => Self::Claim(claim.to_owned()),
        })
    }

    fn value(&self, principal: &Principal) -> Option<HeaderValue> {
        match self {
            Self::Username => text(principal.username()?),
            Self::Client => text(principal.client()?),
            Self::Issuer => text(principal.issuer()?),
            Self::RealmRoles => list(principal.realm_roles()),
            Self::Scopes => list(principal.scopes()),
            Self::Groups => list(principal.groups()),
            Self::ClientRoles => {
                let roles = principal.client_roles().map(|(client, role)| format!("{client}/{role}"));
                list(roles.collect::<Vec<_>>().iter().map(String::as_str))
            }
            Self::Claim(name) => match principal.glance(name) {
                Glance::Absent => None,
                Glance::Text(value) => text(value),
                Glance::Unclear => claim(principal.claim(name)?),
            },
        }
    }
}

fn claim(value: &Value) -> Option<HeaderValue> {
    match value {
        Value::Array(values) => {
            let entries = values.iter().map(scalar).collect::<Option<Vec<_>>>()?;
            list(entries.iter().map(String::as_str))
        }
        other => text(&scalar(other)?),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text(value: &str) -> Option<HeaderValue> {
    let mut written = String::with_capacity(value.len());
    encode(value, false, &mut written);
    if written.is_empty() { None } else { HeaderValue::try_from(written).ok() }
}

fn list<'a>(entries: impl Iterator<Item = &'a str>) -> Option<HeaderValue> {
    let mut written = String::new();
    for entry in entries.filter(|entry| !entry.is_empty()) {
        if !written.is_empty() {
            written.push(',');
        }
        encode(entry, true, &mut written);
    }
    if written.is_empty() { None } else { HeaderValue::try_from(written).ok() }
}

fn encode(value: &str, in_list: bool, written: &mut String) {
    let stands = |byte: u8| byte.is_ascii_graphic() && byte != b'%' && !(in_list && byte == b',');
    if value.bytes().all(stands) {
        return written.push_str(value);
    }
    let last = value.len().saturating_sub(1);
    for (index, byte) in value.bytes().enumerate() {
        let at_end = index == 0 || index == last;
        if stands(byte) || (byte == b' ' && !at_end) {
            written.push(char::from(byte));
        } else {
            written.push_str(percent_encoding::percent_encode_byte(byte));
        }
    }
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    let parsed = HeaderName::try_from(name).map_err(|_| format!("`{name}` is not a header name"))?;
    if RESERVED.contains(&parsed.as_str()) {
        return Err(format!("`{parsed}` cannot carry an identity: requests are read by it"));
    }
    Ok(parsed)
}

/// The name in memory that is never freed, so that copying it for a request counts nothing that workers share. The
/// names of all configurations that a process ever loads are few.
fn interned(name: &HeaderName) -> HeaderName {
    static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut names = NAMES.lock();
    let text: &'static str = match names.get(name.as_str()) {
        Some(known) => known,
        None => {
            let text: &'static str = Box::leak(name.as_str().into());
            names.insert(text);
            text
        }
    };
    HeaderName::from_static(text)
}

#[cfg(test)]
mod tests;

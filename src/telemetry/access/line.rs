//! One line of the access log.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

use super::AccessRecord;
use crate::telemetry::queue::Line;

/// Query parameters whose values are credentials (RFC 6749, RFC 6750, OpenID Connect, UMA): written as `***`.
const SECRETS: [&str; 14] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "password",
    "refresh_token",
    "rpt",
    "subject_token",
    "ticket",
    "token",
];

/// A line as it is written. Fields that are not known for a request are left out.
#[derive(Serialize)]
struct Fields<'a> {
    /// When the request's head was complete: RFC 3339, UTC, milliseconds.
    time: String,
    #[serde(rename = "request.id")]
    id: &'a str,
    #[serde(rename = "client.address")]
    client: std::net::IpAddr,
    #[serde(rename = "http.method")]
    method: &'a str,
    #[serde(rename = "http.host")]
    host: &'a str,
    /// Path and query as received; values of query parameters that carry credentials are blanked out.
    #[serde(rename = "http.path", skip_serializing_if = "Option::is_none")]
    path: Option<Cow<'a, str>>,
    /// `HTTP/1.1`.
    #[serde(rename = "http.version")]
    version: String,
    #[serde(rename = "http.status")]
    status: u16,
    #[serde(rename = "route.name", skip_serializing_if = "Option::is_none")]
    route: Option<&'a str>,
    #[serde(rename = "upstream.name", skip_serializing_if = "Option::is_none")]
    upstream: Option<&'a str>,
    /// `granted`, `refused`, `public`, ...
    #[serde(rename = "decision.result", skip_serializing_if = "str::is_empty")]
    decision: &'a str,
    /// `claims`, `keycloak`, ...
    #[serde(rename = "decision.source", skip_serializing_if = "str::is_empty")]
    source: &'a str,
    /// Why Keycloak had to be asked.
    #[serde(rename = "decision.remote_reason", skip_serializing_if = "Option::is_none")]
    remote_reason: Option<&'a str>,
    /// The stable code of a refusal or of a forwarding error.
    #[serde(rename = "error.code", skip_serializing_if = "str::is_empty")]
    code: &'a str,
    #[serde(rename = "error.reason", skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    /// The permissions and policies that did not say yes.
    #[serde(rename = "decision.explanation", skip_serializing_if = "str::is_empty")]
    explanation: &'a str,
    #[serde(rename = "provider.name", skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(rename = "token.subject", skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(rename = "token.authorized_party", skip_serializing_if = "Option::is_none")]
    authorized_party: Option<&'a str>,
    /// Until the head of the answer.
    #[serde(rename = "duration.head_ms")]
    head_ms: f64,
    /// Until the end of the answer.
    #[serde(rename = "duration.total_ms")]
    total_ms: f64,
    /// Of the answer's body.
    #[serde(rename = "response.bytes")]
    bytes: u64,
    /// The answer broke off.
    #[serde(rename = "response.aborted")]
    aborted: bool,
}

impl Line for AccessRecord {
    fn append_to(&self, buffer: &mut Vec<u8>) {
        let fields = Fields {
            time: humantime::format_rfc3339_millis(self.time).to_string(),
            id: &self.id,
            client: self.client,
            method: self.method.as_str(),
            host: &self.host,
            path: self.path.as_deref().map(blank_secrets),
            version: format!("{:?}", self.version),
            status: self.status,
            route: self.route.as_deref(),
            upstream: self.upstream.as_deref(),
            decision: self.decision,
            source: self.source,
            remote_reason: self.remote_reason.as_deref(),
            code: self.code,
            reason: &self.reason,
            explanation: &self.explanation,
            provider: self.provider.as_deref(),
            subject: self.subject.as_deref(),
            authorized_party: self.authorized_party.as_deref(),
            head_ms: milliseconds(self.head_after),
            total_ms: milliseconds(self.end_after),
            bytes: self.bytes,
            aborted: self.aborted,
        };
        let before = buffer.len();
        if fields.serialize(&mut Serializer::with_formatter(&mut *buffer, NoControls)).is_err() {
            // Cannot happen with these types; half a line would be worse than none.
            buffer.truncate(before);
            return;
        }
        buffer.push(b'\n');
    }
}

/// To the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1e3
}

fn blank_secrets(path: &str) -> Cow<'_, str> {
    let Some((plain, query)) = path.split_once('?') else { return Cow::Borrowed(path) };
    if !query.split('&').any(is_secret) {
        return Cow::Borrowed(path);
    }
    let mut blanked = plain.to_owned();
    for (index, parameter) in query.split('&').enumerate() {
        blanked.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if is_secret(parameter) => blanked.extend([name, "=***"]),
            _ => blanked.push_str(parameter),
        }
    }
    Cow::Owned(blanked)
}

fn is_secret(parameter: &str) -> bool {
    let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
    let name = percent_decode_str(name).decode_utf8_lossy();
    SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// JSON without any control character, also those above ASCII that a terminal or a log viewer may act on.
struct NoControls;

impl Formatter for NoControls {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        if !text.contains(is_control) {
            return writer.write_all(text.as_bytes());
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        for character in text.chars() {
            if is_control(character) {
                // All of them are below U+FFFF. Writing to a string does not fail.
                let _ = write!(escaped, "\\u{:04x}", u32::from(character));
            } else {
                escaped.push(character);
            }
        }
        writer.write_all(escaped.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}

/// Control characters, line and paragraph separators, and marks that change the direction of text.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

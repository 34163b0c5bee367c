//! How a server is reached, by python-keycloak's names: `timeout`, `verify`, `cert`, `proxies`, `max_retries`,
//! `pool_maxsize`, and header fields.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use crate::connection::{ClientCertificate, ConnectionSettings, Verify};

/// The settings among the arguments of a constructor. `headers` is the name of the argument with the header fields.
pub(super) fn settings(args: Args<'_>, base_url: &str, headers: &str) -> Result<ConnectionSettings, Failure> {
    let mut settings = ConnectionSettings::new(base_url);
    if let Some(value) = args.optional("timeout") {
        settings.timeout = timeout(value)?;
    }
    if let Some(value) = args.optional("verify") {
        settings.verify = verify(value)?;
    }
    if let Some(value) = args.optional("cert") {
        settings.certificate = Some(certificate(value)?);
    }
    if let Some(value) = args.optional("proxies") {
        settings.proxies = texts("proxies", value)?;
    }
    if let Some(value) = args.optional(headers) {
        settings.headers = texts(headers, value)?;
    }
    if let Some(number) = args.number("max_retries")? {
        settings.max_retries = u32::try_from(number).map_err(|_| wrong("max_retries", "a count"))?;
    }
    if let Some(number) = args.number("pool_maxsize")? {
        settings.pool_size = Some(usize::try_from(number).map_err(|_| wrong("pool_maxsize", "a count"))?);
    }
    Ok(settings)
}

/// Seconds; they need not be whole.
pub(super) fn timeout(value: &Value) -> Result<Duration, Failure> {
    value
        .as_f64()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| wrong("timeout", "a number of seconds above 0"))
}

/// The seconds of a timeout, whole if they are.
pub(super) fn seconds(timeout: Duration) -> Value {
    if timeout.subsec_nanos() == 0 { json!(timeout.as_secs()) } else { json!(timeout.as_secs_f64()) }
}

/// `true`, `false`, or the path of a file with authorities.
pub(super) fn verify(value: &Value) -> Result<Verify, Failure> {
    match value {
        Value::Null | Value::Bool(true) => Ok(Verify::System),
        Value::Bool(false) => Ok(Verify::Nothing),
        Value::String(path) => Ok(Verify::Authorities(PathBuf::from(path))),
        _ => Err(wrong("verify", "true, false or a path")),
    }
}

/// The value that [`verify`] reads.
pub(super) fn verify_value(verify: &Verify) -> Value {
    match verify {
        Verify::System => Value::Bool(true),
        Verify::Nothing => Value::Bool(false),
        Verify::Authorities(path) => json!(path),
    }
}

/// A file with certificate and key, or a list of the two files.
fn certificate(value: &Value) -> Result<ClientCertificate, Failure> {
    let path = |value: &Value| value.as_str().map(PathBuf::from);
    let read = match value {
        Value::Array(files) => match files.as_slice() {
            [certificate, key] => path(certificate).zip(path(key)).map(|(file, key)| (file, Some(key))),
            _ => None,
        },
        other => path(other).map(|file| (file, None)),
    };
    let (certificate, key) = read.ok_or_else(|| wrong("cert", "a path or a list of two"))?;
    Ok(ClientCertificate { certificate, key })
}

/// An object of texts; `null` members are left out.
pub(super) fn texts(name: &str, value: &Value) -> Result<BTreeMap<String, String>, Failure> {
    let members = match value {
        Value::Null => return Ok(BTreeMap::new()),
        Value::Object(members) => members,
        _ => return Err(wrong(name, "an object of texts")),
    };
    let given = members.iter().filter(|(_, value)| !value.is_null());
    given
        .map(|(key, value)| {
            value
                .as_str()
                .map(|text| (key.clone(), text.to_owned()))
                .ok_or_else(|| wrong(name, "an object of texts"))
        })
        .collect()
}

fn wrong(name: &str, expected: &str) -> Failure {
    Failure::Argument(format!("`{name}` is not {expected}"))
}

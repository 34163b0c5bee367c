//! `ConnectionManager`: any call without a login.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::raw::{self, Data};
use super::settings::{seconds, settings, texts, timeout, verify, verify_value};
use crate::connection::{Connection, ConnectionSettings};

/// A connection by python-keycloak's names. It is opened by the first call, and anew after a change.
pub(super) struct ConnectionManager {
    /// Without the header fields, which go with each call: a change of them keeps the open connections.
    settings: ConnectionSettings,
    headers: BTreeMap<String, String>,
    connection: Option<Connection>,
}

impl ConnectionManager {
    /// By `base_url`, `headers`, `timeout`, `verify`, `proxies`, `cert`, `max_retries` and `pool_maxsize`.
    pub(super) fn new(args: Args<'_>) -> Result<Self, Failure> {
        let mut settings = settings(args, args.text("base_url")?, "headers")?;
        let headers = std::mem::take(&mut settings.headers);
        Ok(Self { settings, headers, connection: None })
    }

    /// Calls a method.
    pub(super) async fn call(&mut self, method: &str, args: Args<'_>) -> Result<Value, Failure> {
        if let Some(verb) = raw::verb(method) {
            let request = raw::request(verb, &self.settings.base_url, args, data(&self.headers))?;
            let headers = self.headers.iter();
            let request = headers.fold(request, |request, (name, value)| request.header(name, value));
            return Ok(raw::answer(&self.open()?.send(&request).await?));
        }
        Ok(match method {
            "param_headers" => json!(self.headers.get(args.text("key")?)),
            "exist_param_headers" => json!(self.headers.contains_key(args.text("key")?)),
            "add_param_headers" => {
                self.headers.insert(args.text("key")?.to_owned(), args.text("value")?.to_owned());
                Value::Null
            }
            "del_param_headers" => {
                self.headers.remove(args.text("key")?);
                Value::Null
            }
            "clean_headers" => {
                self.headers.clear();
                Value::Null
            }
            _ => {
                let text = format!("`ConnectionManager` has no method `{method}`");
                return Err(Failure::UnknownMethod(text));
            }
        })
    }

    /// A property.
    pub(super) fn get(&self, property: &str) -> Result<Value, Failure> {
        Ok(match property {
            "base_url" => json!(self.settings.base_url),
            "timeout" => seconds(self.settings.timeout),
            "verify" => verify_value(&self.settings.verify),
            "headers" => json!(self.headers),
            _ => return Err(unknown(property)),
        })
    }

    /// Sets a property; the next call goes by it.
    pub(super) fn set(&mut self, property: &str, value: &Value) -> Result<(), Failure> {
        match property {
            "base_url" => {
                let url = value.as_str();
                let url = url.ok_or_else(|| Failure::Argument("`base_url` is not a text".to_owned()))?;
                self.settings.base_url = url.to_owned();
            }
            "timeout" => self.settings.timeout = timeout(value)?,
            "verify" => self.settings.verify = verify(value)?,
            "headers" => {
                self.headers = texts("headers", value)?;
                return Ok(());
            }
            _ => return Err(unknown(property)),
        }
        self.connection = None;
        Ok(())
    }

    fn open(&mut self) -> Result<Connection, Failure> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let connection = Connection::open(self.settings.clone())?;
        Ok(self.connection.insert(connection).clone())
    }
}

/// An object is sent as a form, unless the connection says that it sends JSON.
fn data(headers: &BTreeMap<String, String>) -> Data {
    let is_json = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && value.to_ascii_lowercase().starts_with("application/json")
    });
    if is_json { Data::Json } else { Data::Form }
}

fn unknown(property: &str) -> Failure {
    Failure::Other("UnknownProperty", format!("`ConnectionManager` has no property `{property}`"))
}

#[cfg(test)]
mod tests;

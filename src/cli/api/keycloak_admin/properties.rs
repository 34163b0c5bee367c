//! The properties of a `KeycloakAdmin`. What is set holds from the next call on; the token stays.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::KeycloakAdmin;
use crate::admin::PAGE_SIZE;
use crate::cli::api::failure::Failure;
use crate::cli::api::settings::{texts, verify, verify_value};
use crate::connection::Method;

/// What stands for a connection in an answer.
const CONNECTION: &str = "<ConnectionManager>";

/// The verbs of `auto_refresh_token`.
const VERBS: [(&str, Method); 4] =
    [("get", Method::Get), ("post", Method::Post), ("put", Method::Put), ("delete", Method::Delete)];

impl KeycloakAdmin {
    /// A property. Passwords and tokens are given to whoever asks for them, as they set them.
    pub(in crate::cli::api) fn get(&self, property: &str) -> Result<Value, Failure> {
        let secret = |secret: &Option<SecretString>| json!(secret.as_ref().map(|text| text.expose_secret()));
        Ok(match property {
            "server_url" => json!(self.settings.base_url),
            "realm_name" => json!(self.realm_name),
            "user_realm_name" => json!(self.user_realm_name),
            "connection" => json!(CONNECTION),
            "client_id" => json!(self.client_id),
            "client_secret_key" => secret(&self.client_secret_key),
            "verify" => verify_value(&self.settings.verify),
            "username" => json!(self.username),
            "password" => secret(&self.password),
            "totp" => json!(self.totp),
            "token" => self.client.session().token_answer().unwrap_or_default(),
            "auto_refresh_token" => {
                let chosen = VERBS.iter().filter(|(_, verb)| self.auto_refresh_token.contains(verb));
                chosen.map(|(word, _)| json!(word)).collect()
            }
            "custom_headers" if self.settings.headers.is_empty() => Value::Null,
            "custom_headers" => json!(self.settings.headers),
            "PAGE_SIZE" => json!(PAGE_SIZE),
            _ => return Err(unknown(property)),
        })
    }

    /// Sets a property. One that names the login holds from the next `get_token` on.
    pub(in crate::cli::api) fn set(&mut self, property: &str, value: &Value) -> Result<(), Failure> {
        let optional = || match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(Failure::Argument(format!("`{property}` is not a text"))),
        };
        let text = || optional()?.ok_or_else(|| Failure::Argument(format!("`{property}` is not a text")));
        match property {
            "realm_name" => {
                self.realm_name = text()?;
                return Ok(());
            }
            "user_realm_name" => {
                self.user_realm_name = optional()?;
                return Ok(());
            }
            "token" if value.is_null() => {
                self.client = self.connect()?;
                return Ok(());
            }
            "token" => return self.use_token(value),
            "connection" if value == CONNECTION => return Ok(()),
            "connection" => {
                return Err(Failure::Argument("a connection cannot be set to a value".to_owned()));
            }
            "server_url" => self.settings.base_url = text()?,
            "client_id" => self.client_id = text()?,
            "client_secret_key" => self.client_secret_key = optional()?.map(SecretString::from),
            "verify" => self.settings.verify = verify(value)?,
            "username" => self.username = optional()?,
            "password" => self.password = optional()?.map(SecretString::from),
            "totp" => self.totp = (!value.is_null()).then(|| code(value)),
            "auto_refresh_token" => self.auto_refresh_token = verbs(Some(value))?,
            "custom_headers" => self.settings.headers = texts("custom_headers", value)?,
            _ => return Err(unknown(property)),
        }
        self.reconnect()
    }
}

/// A one-time code: a text, or a number.
pub(super) fn code(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The verbs of a list of words; none without a list.
pub(super) fn verbs(value: Option<&Value>) -> Result<Vec<Method>, Failure> {
    let wrong = || {
        let text = "`auto_refresh_token` is not a list out of `get`, `post`, `put`, `delete`";
        Failure::Other("TypeError", text.to_owned())
    };
    let Some(value) = value else { return Ok(Vec::new()) };
    let verb = |word: &Value| VERBS.iter().find(|(name, _)| word == name).map(|(_, verb)| *verb);
    let words = value.as_array().ok_or_else(wrong)?;
    words.iter().map(|word| verb(word).ok_or_else(wrong)).collect()
}

fn unknown(property: &str) -> Failure {
    Failure::Other("UnknownProperty", format!("`KeycloakAdmin` has no property `{property}`"))
}

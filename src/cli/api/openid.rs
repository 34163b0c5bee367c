//! `KeycloakOpenID`: a client in a realm, its properties, and the way to the methods.

mod decode;
mod methods;
mod tokens;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::settings::settings;
use crate::connection::{ClientProof, Connection};
use crate::oidc::RealmClient;
use crate::oidc::authorization::Authorization;

/// What the property `connection` reads as.
const CONNECTION: &str = "<ConnectionManager>";

/// A client of a realm by python-keycloak's names.
pub(super) struct OpenId {
    connection: Connection,
    realm_name: String,
    client_id: String,
    client_secret_key: Option<SecretString>,
    authorization: Authorization,
}

impl OpenId {
    /// By `server_url`, `realm_name`, `client_id`, `client_secret_key`, `custom_headers`, and those of a connection. Makes
    /// no call.
    pub(super) fn new(args: Args<'_>) -> Result<Self, Failure> {
        let settings = settings(args, args.text("server_url")?, "custom_headers")?;
        Ok(Self {
            connection: Connection::open(settings)?,
            realm_name: args.text("realm_name")?.to_owned(),
            client_id: args.text("client_id")?.to_owned(),
            client_secret_key: secret(args.optional_text("client_secret_key")?),
            authorization: Authorization::default(),
        })
    }

    /// Calls a method.
    pub(super) async fn call(&mut self, method: &str, args: Args<'_>) -> Result<Value, Failure> {
        methods::call(self, method, args).await
    }

    /// A property.
    pub(super) fn get(&self, property: &str) -> Result<Value, Failure> {
        Ok(match property {
            "client_id" => json!(self.client_id),
            "client_secret_key" => json!(self.client_secret_key.as_ref().map(ExposeSecret::expose_secret)),
            "realm_name" => json!(self.realm_name),
            "connection" => json!(CONNECTION),
            "authorization" => json!(self.authorization),
            _ => return Err(unknown(property)),
        })
    }

    /// Sets a property; the next call goes by it.
    pub(super) fn set(&mut self, property: &str, value: &Value) -> Result<(), Failure> {
        let wrong = |kind: &str| Failure::Argument(format!("`{property}` is not {kind}"));
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| wrong("a text"));
        match property {
            "client_id" => self.client_id = text()?,
            "client_secret_key" => {
                self.client_secret_key = if value.is_null() { None } else { secret(Some(&text()?)) };
            }
            "realm_name" => self.realm_name = text()?,
            // It is read as a text that says nothing, so only that can be written back.
            "connection" if *value == CONNECTION => {}
            "connection" => return Err(wrong("the connection that it has")),
            "authorization" => {
                self.authorization = match value {
                    Value::Null => Authorization::default(),
                    value => serde_json::from_value(value.clone())
                        .map_err(|_| wrong("an object with `policies`"))?,
                };
            }
            _ => return Err(unknown(property)),
        }
        Ok(())
    }

    /// The client under the properties as they are now.
    fn client(&self) -> RealmClient {
        self.client_named(&self.client_id)
    }

    fn client_named(&self, client_id: &str) -> RealmClient {
        let proof = match &self.client_secret_key {
            Some(secret) => ClientProof::SecretPost(secret.clone()),
            None => ClientProof::Public,
        };
        RealmClient::new(self.connection.clone(), &self.realm_name, client_id, proof)
    }
}

/// An empty one is as good as none.
fn secret(text: Option<&str>) -> Option<SecretString> {
    text.filter(|text| !text.is_empty()).map(SecretString::from)
}

fn unknown(property: &str) -> Failure {
    Failure::Other("UnknownProperty", format!("`KeycloakOpenID` has no property `{property}`"))
}

#[cfg(test)]
mod tests;

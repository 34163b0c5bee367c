//! How the gateway's client proves itself (RFC 6749 section 2.3.1).

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::OidcError;
use crate::config::{ClientAuthMethod, Problem, ProviderConfig};

/// The client's id and secret.
#[derive(Debug)]
pub(super) struct ClientAuth {
    id: String,
    secret: Option<SecretString>,
    method: ClientAuthMethod,
}

impl ClientAuth {
    /// Reads the secret.
    pub(super) fn build(key: &str, config: &ProviderConfig, folder: &Path) -> Result<Self, Problem> {
        let secret = match &config.client_secret {
            Some(reference) => Some(
                reference.read(folder).map_err(|fact| Problem::new(format!("{key}.client_secret"), fact))?,
            ),
            None => None,
        };
        Ok(Self { id: config.client_id.clone(), secret, method: config.client_auth })
    }

    /// The client's id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether it can prove itself.
    pub(super) const fn can_prove(&self) -> bool {
        self.secret.is_some()
    }

    /// Adds the proof: to the form, or as the value of `Authorization` that is given back.
    pub(super) fn prove<'a>(
        &'a self,
        operation: &'static str,
        form: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<Option<HeaderValue>, OidcError> {
        let secret = self.secret.as_ref().ok_or(OidcError::NoCredentials { operation })?.expose_secret();
        match self.method {
            ClientAuthMethod::ClientSecretPost => {
                form.push(("client_id", &self.id));
                form.push(("client_secret", secret));
                Ok(None)
            }
            ClientAuthMethod::ClientSecretBasic => Ok(Some(basic(&self.id, secret))),
        }
    }
}

/// `Bearer TOKEN`; a token that is not a header value is one that the realm would not take either.
pub(super) fn bearer(operation: &'static str, token: &str) -> Result<HeaderValue, OidcError> {
    let text = Zeroizing::new(format!("Bearer {token}"));
    let mut value = HeaderValue::from_str(&text).map_err(|_| OidcError::Unusable {
        operation,
        reason: "the token has characters that no token has".to_owned(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Id and secret are form-encoded before they are joined, which is often forgotten.
fn basic(id: &str, secret: &str) -> HeaderValue {
    let mut pair = Zeroizing::new(String::new());
    pair.extend(form_urlencoded::byte_serialize(id.as_bytes()));
    pair.push(':');
    pair.extend(form_urlencoded::byte_serialize(secret.as_bytes()));
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("Basic"));
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests;

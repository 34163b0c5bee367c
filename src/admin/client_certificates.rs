//! Client Attribute Certificate.

use serde_json::Value;

use super::location::Location;
use crate::connection::{Body, CallError};

/// The certificate of a client under one attribute.
#[derive(Clone, Debug)]
pub struct ClientCertificates {
    location: Location,
}

impl ClientCertificates {
    pub(super) fn new(location: Location) -> Self {
        Self { location }
    }

    /// The certificate, and the private key if the server made it: an empty object where there is none.
    ///
    /// `GET /admin/realms/{realm}/clients/{id}/certificates/{attribute}`; python-keycloak `get_client_certificate_key_info`
    pub async fn get(&self) -> Result<Value, CallError> {
        self.location.get().await
    }

    /// Has the server make a key and a certificate, and gives both back.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/certificates/{attribute}/generate`; python-keycloak: none
    pub async fn generate(&self) -> Result<Value, CallError> {
        Ok(self.location.fixed("generate").post_as(Body::Empty).await?.value())
    }

    /// Takes a certificate in PEM, with or without its BEGIN and END lines; gives it back without them.
    ///
    /// `POST /admin/realms/{realm}/clients/{id}/certificates/{attribute}/upload-certificate`; python-keycloak `upload_certificate`
    pub async fn upload(&self, certificate: &str) -> Result<Value, CallError> {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form =
            Body::Multipart(vec![field("keystoreFormat", "Certificate PEM"), field("file", certificate)]);
        Ok(self.location.fixed("upload-certificate").post_as(form).await?.value())
    }
}

//! Dynamic registration: clients that make themselves.

use serde_json::{Value, json};

use super::RealmClient;
use crate::connection::{Body, CallError, Method, Request, encode_segment};

impl RealmClient {
    /// Makes a client, with an initial access token, or with none where the realm trusts the host. The answer holds the
    /// `registrationAccessToken` that the other calls need; each of them gives a new one.
    ///
    /// Unless the payload says otherwise it is a confidential client: Keycloak itself makes a public one of a payload that
    /// names a `protocol` and leaves `publicClient` out.
    ///
    /// `POST /realms/{realm}/clients-registrations/default`; python-keycloak `KeycloakOpenID.register_client`
    pub async fn register_client(&self, token: Option<&str>, payload: &Value) -> Result<Value, CallError> {
        let mut payload = payload.clone();
        if let Some(members) = payload.as_object_mut() {
            members.entry("publicClient").or_insert(Value::Bool(false));
        }
        let request = Request::new(Method::Post, self.path("/clients-registrations/default"));
        let response = self.send(request.body(Body::Json(payload)), token).await?;
        Ok(response.expect(Method::Post, &[201])?.value())
    }

    /// A client, with its registration access token.
    ///
    /// `GET /realms/{realm}/clients-registrations/default/{client}`
    pub async fn registered_client(&self, token: &str, client_id: &str) -> Result<Value, CallError> {
        let response = self.get(&registered(client_id), Some(token)).await?;
        Ok(response.expect(Method::Get, &[200])?.value())
    }

    /// Changes the members of the payload, with the registration access token.
    ///
    /// `PUT /realms/{realm}/clients-registrations/default/{client}`; python-keycloak `KeycloakOpenID.update_client`
    pub async fn update_registered_client(
        &self,
        token: &str,
        client_id: &str,
        payload: &Value,
    ) -> Result<Value, CallError> {
        let mut payload = payload.clone();
        if let Some(members) = payload.as_object_mut() {
            members.insert("clientId".to_owned(), json!(client_id));
        }
        let request = Request::new(Method::Put, self.path(&registered(client_id)));
        let response = self.send(request.body(Body::Json(payload)), Some(token)).await?;
        Ok(response.expect(Method::Put, &[200])?.value())
    }

    /// Removes a client, with its registration access token.
    ///
    /// `DELETE /realms/{realm}/clients-registrations/default/{client}`
    pub async fn delete_registered_client(&self, token: &str, client_id: &str) -> Result<(), CallError> {
        let request = Request::new(Method::Delete, self.path(&registered(client_id)));
        self.send(request, Some(token)).await?.expect(Method::Delete, &[204]).map(drop)
    }
}

fn registered(client_id: &str) -> String {
    format!("/clients-registrations/default/{}", encode_segment(client_id))
}

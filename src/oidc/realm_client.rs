//! A program's own client in a realm.

mod authorization_url;
mod device;
mod introspection;
mod pkce;
mod registration;
mod token;

use serde_json::Value;

pub use self::authorization_url::AuthorizationUrl;
pub use self::device::DevicePoll;
pub use self::pkce::{ChallengeMethod, Pkce};
pub use self::token::TokenRequest;
use crate::connection::{
    CallError, ClientProof, Connection, ErrorClass, Method, Request, Response, encode_segment,
};

/// A client of a realm, over a connection of the program's choice: every grant, and what else OpenID Connect has.
///
/// The calls go to the paths that Keycloak has had since 17 below the connection's base URL, whatever name the server
/// gives itself; only [`RealmClient::authorization_url`], which a browser follows, is made of the server's own word. Clones
/// share the connections.
///
/// ```no_run
/// use gatecloak::connection::{CallError, ClientProof, Connection, ConnectionSettings};
/// use gatecloak::oidc::{RealmClient, TokenRequest};
///
/// # async fn run() -> Result<(), CallError> {
/// let connection = Connection::open(ConnectionSettings::new("https://id.example.org"))?;
/// let shop = RealmClient::new(connection, "shop", "web", ClientProof::SecretPost("s3cret".into()));
/// let tokens = shop.token(TokenRequest::password("alice", "wonderland").scope("openid")).await?;
/// let status = shop.access(tokens["access_token"].as_str().unwrap_or_default(), &"Orders#view".into()).await?;
/// println!("{} {:?}", status.is_authorized, status.missing);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RealmClient {
    connection: Connection,
    realm: String,
    client_id: String,
    proof: ClientProof,
}

impl RealmClient {
    /// Makes no call.
    pub fn new(
        connection: Connection,
        realm: impl Into<String>,
        client_id: impl Into<String>,
        proof: ClientProof,
    ) -> Self {
        Self { connection, realm: realm.into(), client_id: client_id.into(), proof }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The realm's name.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The client's id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The realm's own description (OpenID Connect Discovery), fetched anew at each call.
    ///
    /// `GET /realms/{realm}/.well-known/openid-configuration`; python-keycloak `KeycloakOpenID.well_known`
    pub async fn well_known(&self) -> Result<Value, CallError> {
        let response = self.get("/.well-known/openid-configuration", None).await?;
        Ok(response.expect(Method::Get, &[200])?.value())
    }

    /// The realm's keys, those for signatures and those for encryption: a JWK set (RFC 7517).
    ///
    /// `GET /realms/{realm}/protocol/openid-connect/certs`; python-keycloak `KeycloakOpenID.certs`
    pub async fn certs(&self) -> Result<Value, CallError> {
        let response = self.get("/protocol/openid-connect/certs", None).await?;
        Ok(response.expect(Method::Get, &[200])?.value())
    }

    /// The active RS256 key, in base64 without the lines of PEM. While keys change there are several: prefer
    /// [`RealmClient::certs`].
    ///
    /// `GET /realms/{realm}`; python-keycloak `KeycloakOpenID.public_key`
    pub async fn public_key(&self) -> Result<String, CallError> {
        let value = self.get("", None).await?.expect(Method::Get, &[200])?.value();
        let key = value.get("public_key").and_then(Value::as_str).map(str::to_owned);
        key.ok_or_else(|| CallError::local(ErrorClass::Get, "the realm names no `public_key`"))
    }

    /// Who a token is about: an object, or a text if the client wants it signed. The token needs the scope `openid`
    /// (403 without), and 401 is the answer to a lightweight one.
    ///
    /// `GET /realms/{realm}/protocol/openid-connect/userinfo`; python-keycloak `KeycloakOpenID.userinfo`
    pub async fn userinfo(&self, token: &str) -> Result<Value, CallError> {
        let response = self.get("/protocol/openid-connect/userinfo", Some(token)).await?;
        Ok(response.expect(Method::Get, &[200])?.value())
    }

    /// Ends the session of a refresh token. Access tokens of it still verify until they expire.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/logout`; python-keycloak `KeycloakOpenID.logout`
    pub async fn logout(&self, refresh_token: &str) -> Result<(), CallError> {
        let form = vec![("refresh_token".to_owned(), refresh_token.to_owned())];
        let response = self.post("/protocol/openid-connect/logout", form).await?;
        response.expect(Method::Post, &[200, 204]).map(drop)
    }

    /// The entitlement API of Keycloak 3, which no Keycloak has any more: an error of [`ErrorClass::Deprecation`]. What it
    /// was for is done by [`RealmClient::permissions`].
    ///
    /// `GET /realms/{realm}/authz/entitlement/{client}`; python-keycloak `KeycloakOpenID.entitlement`
    pub async fn entitlement(&self, token: &str, resource_server: &str) -> Result<Value, CallError> {
        let path = format!("/authz/entitlement/{}", encode_segment(resource_server));
        let response = self.get(&path, Some(token)).await?;
        let class = match response.status {
            404 | 405 => ErrorClass::Deprecation,
            _ => ErrorClass::Get,
        };
        Ok(response.expect_as(class, &[200])?.value())
    }

    /// A path below the realm.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("realms/{}{rest}", encode_segment(&self.realm))
    }

    pub(super) async fn get(&self, rest: &str, bearer: Option<&str>) -> Result<Response, CallError> {
        self.send(Request::new(Method::Get, self.path(rest)), bearer).await
    }

    /// A form with the client's id and proof.
    pub(super) async fn post(&self, rest: &str, form: Vec<(String, String)>) -> Result<Response, CallError> {
        let request = Request::new(Method::Post, self.path(rest));
        let realm = self.connection.address(&self.path(""));
        self.connection.send(&self.proof.prove(&self.client_id, &realm, request, form)?).await
    }

    /// A call that a token stands behind, not the client.
    pub(super) async fn send(&self, request: Request, bearer: Option<&str>) -> Result<Response, CallError> {
        let request = match bearer {
            Some(token) => request.header("authorization", &format!("Bearer {token}")),
            None => request,
        };
        self.connection.send(&request).await
    }
}

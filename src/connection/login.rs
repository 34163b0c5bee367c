//! Who a program is to the server, and the token it gets for that.

use std::fmt;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::form_urlencoded;

use super::address::encode_segment;
use super::error::{CallError, ErrorClass};
use super::request::{Body, Method, Request};
use super::transport::Connection;

/// Renewed this long before it expires, so that it does not expire on its way.
const MARGIN: Duration = Duration::from_secs(10);

/// Where the realm does not say how long a token lives.
const DEFAULT_LIFETIME: u64 = 60;

/// How a program logs in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The realm of the login; not always the one that is managed.
    pub realm: String,
    /// The client, `admin-cli` for instance.
    pub client_id: String,
    /// How the client proves itself.
    pub proof: ClientProof,
    /// The grant.
    pub grant: LoginGrant,
    /// The `scope` that is asked for; none if empty.
    pub scope: String,
}

/// How a client proves itself (RFC 6749 section 2.3.1).
#[derive(Clone, Debug)]
pub enum ClientProof {
    /// Not at all: a public client.
    Public,
    /// `client_secret_post`.
    SecretPost(SecretString),
    /// `client_secret_basic`.
    SecretBasic(SecretString),
}

/// The grant of a login.
#[derive(Clone)]
pub enum LoginGrant {
    /// A user's name and password, and the code of the moment if there is a second factor.
    Password {
        /// The user.
        username: String,
        /// The password.
        password: SecretString,
        /// The one-time code.
        totp: Option<String>,
    },
    /// The client's own account.
    ClientCredentials,
    /// A refresh token from elsewhere.
    RefreshToken(SecretString),
    /// A token from elsewhere; it cannot be renewed.
    Token(SecretString),
    /// None: calls go without a token.
    Anonymous,
}

impl fmt::Debug for LoginGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { username, .. } => {
                f.debug_struct("Password").field("username", username).finish_non_exhaustive()
            }
            Self::ClientCredentials => f.write_str("ClientCredentials"),
            Self::RefreshToken(_) => f.write_str("RefreshToken(..)"),
            Self::Token(_) => f.write_str("Token(..)"),
            Self::Anonymous => f.write_str("Anonymous"),
        }
    }
}

/// A token answer (RFC 6749 section 5.1), and until when its parts are used.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) access: SecretString,
    refresh: Option<SecretString>,
    pub(super) until: Option<Instant>,
    refresh_until: Option<Instant>,
    pub(super) answer: Value,
}

/// Nothing of a token.
impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Held {
    /// From an answer of the token endpoint that was asked for at that time.
    pub(super) fn read(answer: Value, asked: Instant) -> Result<Self, CallError> {
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        let unusable =
            || CallError::local(ErrorClass::Authentication, "the token answer holds no `access_token`");
        let access = SecretString::from(text("access_token").ok_or_else(unusable)?);
        let refresh = text("refresh_token").map(SecretString::from);
        let end = |name: &str, default: u64| {
            // An absurd lifetime must not overflow the clock.
            let seconds = answer.get(name).and_then(Value::as_u64).unwrap_or(default).min(86_400 * 365);
            let lifetime = Duration::from_secs(seconds);
            asked + lifetime.saturating_sub(MARGIN.min(lifetime / 5))
        };
        let until = Some(end("expires_in", DEFAULT_LIFETIME));
        // 0 is an offline token, which has no end.
        let refresh_until = match answer.get("refresh_expires_in").and_then(Value::as_u64) {
            Some(0) => None,
            _ => Some(end("refresh_expires_in", DEFAULT_LIFETIME)),
        };
        Ok(Self { access, refresh, until, refresh_until, answer })
    }

    /// One that somebody else got.
    pub(super) fn given(token: SecretString) -> Self {
        Self { access: token, refresh: None, until: None, refresh_until: None, answer: Value::Null }
    }

    pub(super) fn refresh(&self, now: Instant) -> Option<&SecretString> {
        let is_good = self.refresh_until.is_none_or(|until| now < until);
        self.refresh.as_ref().filter(|_| is_good)
    }
}

impl Login {
    /// A token in place of `old`: by its refresh token if that is good, else by a new login.
    pub(super) async fn renew(&self, connection: &Connection, old: Option<&Held>) -> Result<Held, CallError> {
        if let Some(refresh) = old.and_then(|held| held.refresh(Instant::now())) {
            match self.ask(connection, by_refresh_token(refresh)).await {
                // The session is gone, or the server was started anew: a login may do.
                Err(error) if error.class() == ErrorClass::Authentication => {}
                result => return result,
            }
        }
        let form = match &self.grant {
            LoginGrant::Password { username, password, totp } => {
                let mut form = vec![
                    ("grant_type".to_owned(), "password".to_owned()),
                    ("username".to_owned(), username.clone()),
                    ("password".to_owned(), password.expose_secret().to_owned()),
                ];
                form.extend(totp.clone().map(|totp| ("totp".to_owned(), totp)));
                form
            }
            LoginGrant::ClientCredentials => {
                vec![("grant_type".to_owned(), "client_credentials".to_owned())]
            }
            LoginGrant::RefreshToken(token) => by_refresh_token(token),
            LoginGrant::Token(_) => {
                return Err(CallError::local(
                    ErrorClass::Authentication,
                    "the given token is not taken, and there is no login to get another one with",
                ));
            }
            LoginGrant::Anonymous => {
                return Err(CallError::local(
                    ErrorClass::Authentication,
                    "there is no login to get a token with",
                ));
            }
        };
        self.ask(connection, form).await
    }

    async fn ask(&self, connection: &Connection, mut form: Vec<(String, String)>) -> Result<Held, CallError> {
        if !self.scope.is_empty() {
            form.push(("scope".to_owned(), self.scope.clone()));
        }
        let path = format!("realms/{}/protocol/openid-connect/token", encode_segment(&self.realm));
        // Whatever content type the connection has for its calls.
        let request =
            Request::new(Method::Post, path).header("content-type", "application/x-www-form-urlencoded");
        let request = self.proof.prove(&self.client_id, request, form);
        let asked = Instant::now();
        let response = connection.send(&request).await?.expect(Method::Post, &[200])?;
        Held::read(response.value(), asked)
    }
}

fn by_refresh_token(token: &SecretString) -> Vec<(String, String)> {
    vec![
        ("grant_type".to_owned(), "refresh_token".to_owned()),
        ("refresh_token".to_owned(), token.expose_secret().to_owned()),
    ]
}

impl ClientProof {
    /// The request with this form, the client's id and its proof.
    pub fn prove(&self, client_id: &str, request: Request, mut form: Vec<(String, String)>) -> Request {
        match self {
            Self::Public => form.push(("client_id".to_owned(), client_id.to_owned())),
            Self::SecretPost(secret) => {
                form.push(("client_id".to_owned(), client_id.to_owned()));
                form.push(("client_secret".to_owned(), secret.expose_secret().to_owned()));
            }
            Self::SecretBasic(secret) => {
                // Form-encoded before they are joined, which is often forgotten.
                let encode =
                    |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", encode(client_id), encode(secret.expose_secret()));
                let value = format!("Basic {}", STANDARD.encode(pair));
                return request.header("authorization", &value).body(Body::Form(form));
            }
        }
        request.body(Body::Form(form))
    }
}

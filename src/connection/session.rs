//! A login that stays: every call has a good token, and a dead one is renewed once for all who wait.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::error::CallError;
use super::login::{Held, Login, LoginGrant};
use super::request::{Method, Request};
use super::response::Response;
use super::transport::Connection;

type Renewal = Shared<BoxFuture<'static, Result<Arc<Held>, CallError>>>;

/// A connection and a login. Clones share the token.
///
/// A token is renewed shortly before it expires, and once more, with one repetition of the call, when the server answers
/// 401 before that: for every verb, since a call that is refused for its token has done nothing. However many calls find
/// the token dead, one renewal is made. Where the call or the connection has an `Authorization` field of its own, there is
/// no token at all: whoever sets it means it.
#[derive(Clone, Debug)]
pub struct Session {
    connection: Connection,
    login: Arc<Login>,
    repeats: Arc<[Method]>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    renewal: Option<Renewal>,
}

impl Session {
    /// Makes no call; the first one logs in.
    pub fn new(connection: Connection, login: Login) -> Self {
        let held = match &login.grant {
            LoginGrant::Token(token) => Some(Arc::new(Held::given(token.clone()))),
            _ => None,
        };
        let state = State { held, renewal: None };
        let repeats = [Method::Get, Method::Post, Method::Put, Method::Delete].into();
        Self { connection, login: Arc::new(login), repeats, state: Arc::new(Mutex::new(state)) }
    }

    /// The same token, under another connection and another login.
    pub fn moved(&self, connection: Connection, login: Login) -> Self {
        Self { connection, login: Arc::new(login), ..self.clone() }
    }

    /// Only calls with these verbs are repeated after a 401.
    #[must_use]
    pub fn repeating(self, methods: &[Method]) -> Self {
        Self { repeats: methods.into(), ..self }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The login.
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// Makes a call with the token. Any status is an answer.
    ///
    /// Any call; python-keycloak `raw_get`, `raw_post`, `raw_put`, `raw_delete`
    pub async fn send(&self, request: &Request) -> Result<Response, CallError> {
        if self.is_anonymous() || self.is_proven(request) {
            return self.connection.send(request).await;
        }
        let held = self.current().await?;
        let response = self.connection.send(&with_token(request, &held.access)).await?;
        if response.status != 401 || !self.repeats.contains(&request.method) || !self.is_renewable(&held) {
            return Ok(response);
        }
        let held = self.renewed(Some(&held)).await?;
        self.connection.send(&with_token(request, &held.access)).await
    }

    /// The access token; logs in or renews it if need be.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `get_token`
    pub async fn access_token(&self) -> Result<SecretString, CallError> {
        Ok(self.current().await?.access.clone())
    }

    /// The whole answer of the token endpoint that is in use now; `None` before the first login.
    pub fn token_answer(&self) -> Option<Value> {
        self.state.lock().held.as_ref().map(|held| held.answer.clone())
    }

    /// Uses this answer of a token endpoint from now on.
    pub fn use_token(&self, answer: Value) -> Result<(), CallError> {
        let held = Held::read(answer, Instant::now())?;
        *self.state.lock() = State { held: Some(Arc::new(held)), renewal: None };
        Ok(())
    }

    /// Renews the token now, by its refresh token if that is good, else by a new login.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `refresh_token`
    pub async fn renew(&self) -> Result<(), CallError> {
        let held = self.state.lock().held.clone();
        self.renewed(held.as_ref()).await.map(drop)
    }

    fn is_anonymous(&self) -> bool {
        matches!(self.login.grant, LoginGrant::Anonymous) && self.state.lock().held.is_none()
    }

    fn is_proven(&self, request: &Request) -> bool {
        let is_proof = |name: &String| name.eq_ignore_ascii_case("authorization");
        request.headers.iter().any(|(name, _)| is_proof(name))
            || self.connection.settings().headers.keys().any(is_proof)
    }

    fn is_renewable(&self, held: &Held) -> bool {
        !matches!(self.login.grant, LoginGrant::Token(_) | LoginGrant::Anonymous)
            || held.refresh(Instant::now()).is_some()
    }

    async fn current(&self) -> Result<Arc<Held>, CallError> {
        let held = self.state.lock().held.clone();
        match held {
            Some(held) if held.until.is_none_or(|until| Instant::now() < until) => Ok(held),
            // Nobody knows better than the server whether it is still good.
            Some(held) if !self.is_renewable(&held) => Ok(held),
            stale => self.renewed(stale.as_ref()).await,
        }
    }

    /// Another token than `dead`: the one that somebody got meanwhile, or that of the one renewal under way.
    async fn renewed(&self, dead: Option<&Arc<Held>>) -> Result<Arc<Held>, CallError> {
        let renewal = {
            let mut state = self.state.lock();
            match (&state.held, dead) {
                (Some(held), Some(dead)) if !Arc::ptr_eq(held, dead) => return Ok(Arc::clone(held)),
                (Some(held), None) => return Ok(Arc::clone(held)),
                _ => {}
            }
            match &state.renewal {
                Some(renewal) => renewal.clone(),
                None => {
                    let renewal = self.clone().renewal(dead.cloned()).boxed().shared();
                    state.renewal = Some(renewal.clone());
                    renewal
                }
            }
        };
        renewal.await
    }

    async fn renewal(self, dead: Option<Arc<Held>>) -> Result<Arc<Held>, CallError> {
        let result = self.login.renew(&self.connection, dead.as_deref()).await.map(Arc::new);
        let mut state = self.state.lock();
        state.renewal = None;
        if let Ok(held) = &result {
            state.held = Some(Arc::clone(held));
        }
        result
    }
}

/// Nothing of a token.
impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("held", &self.held).finish_non_exhaustive()
    }
}

fn with_token(request: &Request, token: &SecretString) -> Request {
    request.clone().header("authorization", &format!("Bearer {}", token.expose_secret()))
}

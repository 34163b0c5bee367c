//! The development issuer as a test holds it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::Value;

use super::endpoints;
use super::fault::{self, Endpoint, Fault};
use super::realm::Realm;
use super::state::State;
use crate::config::Algorithm;
use crate::testing::background::{Background, bind, loopback, serve};
use crate::testing::client::RawClient;
use crate::testing::keys::SigningKey;

/// How long its own address is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What becomes of the keys before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldKeys {
    /// They stay in the key set: their tokens remain good.
    Keep,
    /// They are gone at once.
    Withdraw,
}

/// The embedded development issuer, serving one realm on loopback until it is dropped.
#[derive(Debug)]
pub struct DevIdp {
    state: Arc<State>,
    address: SocketAddr,
    running: Mutex<Option<Background>>,
}

/// A [`DevIdp`] before it is started.
#[derive(Debug)]
pub struct DevIdpBuilder {
    realm: Realm,
    address: SocketAddr,
    issuer: Option<String>,
}

impl DevIdpBuilder {
    /// Listens here in place of a free port of the loopback interface.
    #[must_use]
    pub fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The issuer in tokens and in the discovery document, in place of the address listened at: a public host name.
    #[must_use]
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.to_owned());
        self
    }

    /// Binds and serves. An error if the address is taken.
    pub fn start(self) -> io::Result<DevIdp> {
        let (listener, address) = bind(self.address)?;
        let issuer = self.issuer.unwrap_or_else(|| format!("http://{address}/realms/{}", self.realm.realm));
        let state = Arc::new(State::new(issuer, self.realm));
        let running = Mutex::new(Some(listen(&state, listener)?));
        Ok(DevIdp { state, address, running })
    }
}

impl DevIdp {
    /// An issuer for a realm; [`DevIdpBuilder::start`] starts it.
    #[expect(clippy::new_ret_no_self, reason = "what is new here is not started yet")]
    pub fn new(realm: Realm) -> DevIdpBuilder {
        DevIdpBuilder { realm, address: loopback(), issuer: None }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `iss` of its tokens.
    pub fn issuer(&self) -> String {
        self.state.issuer.clone()
    }

    /// The realm at the address listened at, which is not the issuer where that was given.
    pub fn internal_url(&self) -> String {
        format!("http://{}/realms/{}", self.address, self.state.realm.realm)
    }

    /// The key that signs now, for tokens of one's own making.
    pub fn key(&self) -> SigningKey {
        self.state.key()
    }

    /// An access token by password, which must be the user's name as everywhere in the demo realm.
    pub fn token(&self, client: &str, user: &str) -> io::Result<String> {
        self.grant(&[
            ("grant_type", "password"),
            ("client_id", client),
            ("username", user),
            ("password", user),
        ])
    }

    /// The access token that a token request with these parameters gives. An error with the answer if it gives none.
    pub fn grant(&self, parameters: &[(&str, &str)]) -> io::Result<String> {
        let path = format!("/realms/{}/protocol/openid-connect/token", self.state.realm.realm);
        let answer = RawClient::post_form(self.address, &path, &[], parameters)?;
        let body: Value = serde_json::from_slice(&answer.body).map_err(io::Error::other)?;
        match body.get("access_token").and_then(Value::as_str) {
            Some(token) => Ok(token.to_owned()),
            None => Err(io::Error::other(format!("{} {body}", answer.status))),
        }
    }

    /// Signs with a new key from now on. The kind of key changes with each turn, so that it is made in no time.
    pub fn rotate_keys(&self, old: OldKeys) -> SigningKey {
        let next =
            if self.key().algorithm() == Algorithm::ES256 { Algorithm::EdDSA } else { Algorithm::ES256 };
        let key = SigningKey::fresh(next);
        self.use_key(key.clone(), old);
        key
    }

    /// Signs with this key from now on.
    pub fn use_key(&self, key: SigningKey, old: OldKeys) {
        self.state.use_key(key, old == OldKeys::Keep);
    }

    /// Takes all keys but the one that signs out of the key set.
    pub fn withdraw_old_keys(&self) {
        self.state.withdraw_old_keys();
    }

    /// Publishes this key set, whatever it is; `None`: the right one again.
    pub fn set_jwks(&self, jwks: Option<Value>) {
        self.state.set_jwks(jwks);
    }

    /// The key set that is published.
    pub fn jwks(&self) -> Value {
        self.state.jwks()
    }

    /// From now on an endpoint answers so.
    pub fn answer_with(&self, endpoint: Endpoint, fault: Fault) {
        self.state.set_fault(endpoint, Some(fault));
    }

    /// From now on an endpoint answers rightly.
    pub fn answer_rightly(&self, endpoint: Endpoint) {
        self.state.set_fault(endpoint, None);
    }

    /// How often an endpoint was called, faults included.
    pub fn calls(&self, endpoint: Endpoint) -> u64 {
        self.state.calls(endpoint)
    }

    /// Ends every session of a user: introspection no longer finds their tokens active. Says how many.
    pub fn revoke_sessions(&self, user: &str) -> usize {
        self.state.end_sessions(|session| session.username == user)
    }

    /// Stops listening and cuts every connection. Keys and sessions stay for [`DevIdp::restart`].
    pub fn stop(&self) {
        let running = self.running.lock().take();
        drop(running);
    }

    /// Listens again, at the same address; waits for it, should a connection of somebody else have it at the moment.
    pub fn restart(&self) -> io::Result<()> {
        self.stop();
        let begin = Instant::now();
        let (listener, _) = loop {
            match bind(self.address) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && begin.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                bound => break bound?,
            }
        };
        let running = listen(&self.state, listener)?;
        *self.running.lock() = Some(running);
        Ok(())
    }
}

fn listen(state: &Arc<State>, listener: std::net::TcpListener) -> io::Result<Background> {
    let state = Arc::clone(state);
    let router = endpoints::router(Arc::clone(&state));
    Background::run("dev-idp", move || {
        serve(listener, move |_, request| fault::answer(Arc::clone(&state), router.clone(), request))
    })
}

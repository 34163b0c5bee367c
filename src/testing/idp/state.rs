//! What the development issuer remembers.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::fault::{Endpoint, Fault};
use super::realm::{Realm, uuid};
use crate::config::Algorithm;
use crate::testing::keys::{SigningKey, hs512};
use crate::testing::mint::now;

/// Sessions remembered; the oldest goes when there are more.
const SESSIONS: usize = 10_000;

/// A realm being served.
#[derive(Debug)]
pub(super) struct State {
    pub(super) issuer: String,
    pub(super) realm: Realm,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The first one signs.
    keys: Vec<SigningKey>,
    jwks: Option<Value>,
    sessions: VecDeque<Session>,
    faults: HashMap<Endpoint, Fault>,
    calls: HashMap<Endpoint, u64>,
    /// Signs what only the issuer itself reads: refresh tokens and permission tickets.
    secret: [u8; 64],
}

/// Somebody's login.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) client: String,
    /// As granted, separated by spaces.
    pub(super) scope: String,
}

impl State {
    pub(super) fn new(issuer: String, realm: Realm) -> Self {
        let mut secret = [0; 64];
        fastrand::fill(&mut secret);
        let inner = Inner {
            keys: vec![SigningKey::shared(Algorithm::RS256)],
            jwks: None,
            sessions: VecDeque::new(),
            faults: HashMap::new(),
            calls: HashMap::new(),
            secret,
        };
        Self { issuer, realm, inner: Mutex::new(inner) }
    }

    /// The key that signs.
    pub(super) fn key(&self) -> SigningKey {
        match self.inner.lock().keys.first() {
            Some(key) => key.clone(),
            None => SigningKey::shared(Algorithm::RS256),
        }
    }

    pub(super) fn use_key(&self, key: SigningKey, keep_old: bool) {
        let mut inner = self.inner.lock();
        if !keep_old {
            inner.keys.clear();
        }
        inner.keys.insert(0, key);
    }

    /// Only the key that signs is left.
    pub(super) fn withdraw_old_keys(&self) {
        self.inner.lock().keys.truncate(1);
    }

    pub(super) fn set_jwks(&self, jwks: Option<Value>) {
        self.inner.lock().jwks = jwks;
    }

    /// The key set. Like Keycloak's it holds a key for encryption too, which must not be taken for one that signs.
    pub(super) fn jwks(&self) -> Value {
        let inner = self.inner.lock();
        if let Some(jwks) = &inner.jwks {
            return jwks.clone();
        }
        let mut encryption = SigningKey::shared(Algorithm::RS256).with_kid("for-encryption").jwk();
        if let Some(jwk) = encryption.as_object_mut() {
            jwk.insert("alg".to_owned(), json!("RSA-OAEP"));
            jwk.insert("use".to_owned(), json!("enc"));
        }
        let mut keys = vec![encryption];
        keys.extend(inner.keys.iter().map(SigningKey::jwk));
        json!({ "keys": keys })
    }

    pub(super) fn begin_session(&self, username: &str, client: &str, scope: &str) -> Session {
        let mut id = [0; 18];
        fastrand::fill(&mut id);
        let session = Session {
            id: URL_SAFE_NO_PAD.encode(id),
            username: username.to_owned(),
            client: client.to_owned(),
            scope: scope.to_owned(),
        };
        let mut inner = self.inner.lock();
        if inner.sessions.len() >= SESSIONS {
            inner.sessions.pop_front();
        }
        inner.sessions.push_back(session.clone());
        session
    }

    pub(super) fn session(&self, id: &str) -> Option<Session> {
        self.inner.lock().sessions.iter().find(|session| session.id == id).cloned()
    }

    /// Ends the sessions for which `ends` holds, and says how many.
    pub(super) fn end_sessions(&self, ends: impl Fn(&Session) -> bool) -> usize {
        let mut inner = self.inner.lock();
        let before = inner.sessions.len();
        inner.sessions.retain(|session| !ends(session));
        before - inner.sessions.len()
    }

    /// Signs claims with the realm's key.
    pub(super) fn sign(&self, claims: &Map<String, Value>) -> String {
        let key = self.key();
        let header = json!({ "alg": key.algorithm().name(), "typ": "JWT", "kid": key.kid() });
        let input = signing_input(&header, claims);
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes())))
    }

    /// Signs claims with the issuer's own secret.
    pub(super) fn seal(&self, claims: &Map<String, Value>) -> String {
        let secret = self.inner.lock().secret;
        let header = json!({ "alg": "HS512", "typ": "JWT", "kid": uuid(0) });
        let input = signing_input(&header, claims);
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(hs512(&secret, input.as_bytes())))
    }

    /// The claims of what [`Self::seal`] made, if it is not expired.
    pub(super) fn unseal(&self, token: &str) -> Option<Map<String, Value>> {
        let secret = self.inner.lock().secret;
        let (input, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if hs512(&secret, input.as_bytes()) != signature {
            return None;
        }
        unexpired(input)
    }

    /// The claims of a token that this realm signed, if it is not expired and its session lives.
    pub(super) fn verify(&self, token: &str) -> Option<Map<String, Value>> {
        let (input, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let (header, _) = input.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let kid = header.get("kid")?.as_str()?;
        let keys = self.inner.lock().keys.clone();
        let key = keys.iter().find(|key| key.kid() == kid)?;
        if !key.verifies(input.as_bytes(), &signature) {
            return None;
        }
        let claims = unexpired(input)?;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return None;
        }
        match claims.get("sid").and_then(Value::as_str) {
            Some(sid) => self.session(sid).map(|_| claims),
            None => Some(claims),
        }
    }

    /// Counts a call, and says what is wrong with its endpoint.
    pub(super) fn called(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut inner = self.inner.lock();
        *inner.calls.entry(endpoint).or_default() += 1;
        inner.faults.get(&endpoint).cloned()
    }

    pub(super) fn calls(&self, endpoint: Endpoint) -> u64 {
        self.inner.lock().calls.get(&endpoint).copied().unwrap_or_default()
    }

    pub(super) fn set_fault(&self, endpoint: Endpoint, fault: Option<Fault>) {
        let mut inner = self.inner.lock();
        match fault {
            Some(fault) => inner.faults.insert(endpoint, fault),
            None => inner.faults.remove(&endpoint),
        };
    }
}

fn signing_input(header: &Value, claims: &Map<String, Value>) -> String {
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims))
}

fn unexpired(signing_input: &str) -> Option<Map<String, Value>> {
    let (_, payload) = signing_input.split_once('.')?;
    let claims: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    (claims.get("exp")?.as_i64()? > now()).then_some(claims)
}

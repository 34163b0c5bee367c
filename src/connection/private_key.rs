//! A client that proves itself by a signature: `private_key_jwt` (RFC 7523, OpenID Connect Core section 9).

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use super::error::{CallError, ErrorClass};

/// How long an assertion is good: long enough for a slow clock, too short to be of use to a thief.
const LIFETIME: Duration = Duration::from_secs(60);

/// The private key of a client. The realm must have the public one (`jwks`, a certificate or a JWKS address).
#[derive(Clone)]
pub struct PrivateKey {
    key: EncodingKey,
    algorithm: Algorithm,
    kid: Option<String>,
    audience: Option<String>,
}

/// The claims of an assertion.
#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
}

impl PrivateKey {
    /// From PEM: an RSA key signs with RS256, one of the curve P-256 with ES256. An error says what is wrong with it.
    pub fn from_pem(pem: &str) -> Result<Self, CallError> {
        let (key, algorithm) = match EncodingKey::from_rsa_pem(pem.as_bytes()) {
            Ok(key) => (key, Algorithm::RS256),
            Err(_) => (EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| unusable())?, Algorithm::ES256),
        };
        // A key of another curve is found out here, not at the first call.
        jsonwebtoken::crypto::sign(b"", &key, algorithm).map_err(|_| unusable())?;
        Ok(Self { key, algorithm, kid: None, audience: None })
    }

    /// With a `kid` in the header: needed where the realm knows several keys of the client.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// With another `aud` than the realm's address below the base URL: the issuer, where the server names itself
    /// otherwise than it is called.
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// An assertion for one call.
    pub(super) fn assertion(&self, client_id: &str, realm: &str) -> Result<String, CallError> {
        let failed = |fact: &str| CallError::local(ErrorClass::Authentication, fact);
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).map_err(|_| failed("the system gives no random bytes"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let claims = Assertion {
            iss: client_id,
            sub: client_id,
            aud: self.audience.as_deref().unwrap_or(realm),
            jti: URL_SAFE_NO_PAD.encode(id),
            iat: now,
            exp: now + LIFETIME.as_secs(),
        };
        let header = Header { kid: self.kid.clone(), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map_err(|_| failed("the client's assertion cannot be signed"))
    }
}

/// Without the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

fn unusable() -> CallError {
    CallError::local(
        ErrorClass::Authentication,
        "the client's private key is neither an RSA key nor one of the curve P-256 in PEM; hint: of a P-256 key only \
         PKCS #8 (`BEGIN PRIVATE KEY`) is read",
    )
}

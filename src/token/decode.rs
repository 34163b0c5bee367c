//! Decoding a token by rules of the caller's own: for programs. What the gateway accepts is judged in [`super::verify`].

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Map, Value};

use super::TokenError;
use super::claims::members_are_unique;
use super::jwk::KeySet;
use super::jws::{self, Header, Parts, split};
use super::signature::VerifyingKey;
use crate::config::Algorithm;

/// What a token is verified with.
#[derive(Debug)]
pub struct DecodeKeys(Source);

#[derive(Debug)]
enum Source {
    /// One public key, good for any algorithm that suits it.
    Spki(Vec<u8>),
    Set(KeySet),
}

/// What a token must be. [`DecodeRules::new`] is the strict start.
#[derive(Clone, Debug)]
pub struct DecodeRules {
    /// The algorithms that are accepted.
    pub algorithms: Vec<Algorithm>,
    /// `aud`, if there is one, must hold this; `None` leaves it alone.
    pub audience: Option<String>,
    /// `iss` must be one of these, if any are given.
    pub issuers: Vec<String>,
    /// `sub` must be this.
    pub subject: Option<String>,
    /// The access token that came with an ID token: `at_hash`, if there, must be of it.
    pub access_token: Option<String>,
    /// Seconds that are forgiven for `exp` and `nbf`.
    pub leeway: i64,
    /// Claims that must be there.
    pub required: Vec<String>,
    /// Checks that are left out.
    pub without: Vec<Check>,
}

/// A check that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The signature and its algorithm: anyone can then have written the token.
    Signature,
    /// `aud`.
    Audience,
    /// `iat` is a whole number.
    IssuedAt,
    /// `exp`.
    Expiry,
    /// `nbf`.
    NotBefore,
    /// `iss`.
    Issuer,
    /// `sub`.
    Subject,
    /// `jti` is a text.
    TokenId,
    /// `at_hash`.
    AccessTokenHash,
}

/// Why a token was not decoded. Never holds a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// `exp` is past.
    #[error("the token has expired")]
    Expired,
    /// `aud` does not hold the expected one.
    #[error(
        "the token's audience does not include `{0}`; hint: an access token names the clients it is for only where an audience mapper puts them there"
    )]
    Audience(String),
    /// Another claim is not what it must be.
    #[error("the token's claim `{0}` {1}")]
    Claim(String, &'static str),
    /// The signature does not verify with these keys.
    #[error("the token's signature is not valid with these keys")]
    Signature,
    /// The algorithm is not accepted.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// It is no signed token.
    #[error("{0}")]
    Malformed(TokenError),
}

impl DecodeKeys {
    /// One public key in PEM, or as Keycloak gives it: base64 without the lines of PEM. `None`: it is no public key.
    pub fn from_pem(text: &str) -> Option<Self> {
        let whole = match text.contains("-----BEGIN") {
            true => text.to_owned(),
            false => format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", text.trim()),
        };
        let der = SubjectPublicKeyInfoDer::from_pem_slice(whole.as_bytes()).ok()?;
        Some(Self(Source::Spki(der.to_vec())))
    }

    /// A JWK set; what is not for signatures is passed over. `None`: no key in it can be used.
    pub fn from_jwks(set: &Value) -> Option<Self> {
        KeySet::from_json(set.to_string().as_bytes()).map(|set| Self(Source::Set(set)))
    }

    fn verify(&self, header: &Header, signed: &[u8], signature: &[u8]) -> Result<(), DecodeError> {
        let single;
        let set = match &self.0 {
            Source::Set(set) => set,
            Source::Spki(der) => {
                let key = VerifyingKey::spki(header.algorithm, der).ok_or(DecodeError::Signature)?;
                single = KeySet::Single(key);
                &single
            }
        };
        set.check(header, signed, signature).map_err(|error| match error {
            TokenError::AlgorithmUnsupported => DecodeError::Algorithm,
            _ => DecodeError::Signature,
        })
    }
}

impl DecodeRules {
    /// RS256, this audience, no leeway, every check.
    pub fn new(audience: impl Into<String>) -> Self {
        Self {
            algorithms: vec![Algorithm::RS256],
            audience: Some(audience.into()),
            issuers: Vec::new(),
            subject: None,
            access_token: None,
            leeway: 0,
            required: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Verifies a token and gives its claims.
    ///
    /// Whatever kind of token it is: who takes access tokens looks at `typ` too.
    ///
    /// `no call`; python-keycloak `KeycloakOpenID.decode_token`
    pub fn decode(&self, token: &str, keys: &DecodeKeys) -> Result<Value, DecodeError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(i64::MAX, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
        self.decode_at(token, keys, now)
    }

    fn decode_at(&self, token: &str, keys: &DecodeKeys, now: i64) -> Result<Value, DecodeError> {
        let Parts { header, payload, signed, signature } = split(token).map_err(|error| match error {
            TokenError::AlgorithmUnsupported => DecodeError::Algorithm,
            other => DecodeError::Malformed(other),
        })?;
        if self.does(Check::Signature) {
            if !self.algorithms.contains(&header.algorithm) {
                return Err(DecodeError::Algorithm);
            }
            let signature = jws::decode(signature).map_err(|_| DecodeError::Signature)?;
            keys.verify(&header, signed, &signature)?;
        }
        members_are_unique(&payload).map_err(DecodeError::Malformed)?;
        let claims: Map<String, Value> = serde_json::from_slice(&payload).map_err(|_| {
            DecodeError::Malformed(TokenError::TokenMalformed("its claims are not a JSON object"))
        })?;
        self.judge(&claims, header.algorithm, now)?;
        Ok(Value::Object(claims))
    }

    fn does(&self, check: Check) -> bool {
        !self.without.contains(&check)
    }

    fn judge(&self, claims: &Map<String, Value>, algorithm: Algorithm, now: i64) -> Result<(), DecodeError> {
        if let Some(missing) = self.required.iter().find(|name| !claims.contains_key(*name)) {
            return Err(DecodeError::Claim(missing.clone(), "is missing"));
        }
        if self.does(Check::IssuedAt) {
            seconds(claims, "iat")?;
        }
        if self.does(Check::NotBefore)
            && seconds(claims, "nbf")?.is_some_and(|begin| begin > now.saturating_add(self.leeway))
        {
            return Err(DecodeError::Claim("nbf".to_owned(), "is not reached yet"));
        }
        if self.does(Check::Expiry)
            && seconds(claims, "exp")?.is_some_and(|end| now >= end.saturating_add(self.leeway))
        {
            return Err(DecodeError::Expired);
        }
        if self.does(Check::Audience) {
            self.judge_audience(claims)?;
        }
        let issuer = if self.does(Check::Issuer) { claims.get("iss").and_then(Value::as_str) } else { None };
        if self.does(Check::Issuer)
            && !self.issuers.is_empty()
            && !self.issuers.iter().any(|known| issuer == Some(known))
        {
            return Err(DecodeError::Claim("iss".to_owned(), "is not the expected one"));
        }
        if self.does(Check::Subject) {
            let subject = text(claims, "sub")?;
            if self.subject.is_some() && subject != self.subject.as_deref() {
                return Err(DecodeError::Claim("sub".to_owned(), "is not the expected one"));
            }
        }
        if self.does(Check::TokenId) {
            text(claims, "jti")?;
        }
        if self.does(Check::AccessTokenHash) {
            self.judge_hash(claims, algorithm)?;
        }
        Ok(())
    }

    /// RFC 7519 section 4.1.3. A token without `aud` passes: that is what this decoder's users have, unless they require it.
    fn judge_audience(&self, claims: &Map<String, Value>) -> Result<(), DecodeError> {
        let (Some(expected), Some(found)) = (&self.audience, claims.get("aud")) else { return Ok(()) };
        let found = match found {
            Value::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        if !found.iter().all(Value::is_string) {
            return Err(DecodeError::Claim("aud".to_owned(), "is neither a text nor a list of texts"));
        }
        match found.iter().any(|audience| audience == expected) {
            true => Ok(()),
            false => Err(DecodeError::Audience(expected.clone())),
        }
    }

    /// OpenID Connect Core section 3.1.3.6: the left half of the digest.
    fn judge_hash(&self, claims: &Map<String, Value>, algorithm: Algorithm) -> Result<(), DecodeError> {
        let wrong = |fact| Err(DecodeError::Claim("at_hash".to_owned(), fact));
        let Some(found) = claims.get("at_hash") else { return Ok(()) };
        let Some(access_token) = &self.access_token else {
            return wrong("is there, and no access token to compare it with");
        };
        use Algorithm::{ES256, ES384, PS256, PS384, RS256, RS384};
        let digest = match algorithm {
            RS256 | PS256 | ES256 => digest::digest(&SHA256, access_token.as_bytes()),
            RS384 | PS384 | ES384 => digest::digest(&SHA384, access_token.as_bytes()),
            _ => digest::digest(&SHA512, access_token.as_bytes()),
        };
        let (half, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
        match *found == URL_SAFE_NO_PAD.encode(half) {
            true => Ok(()),
            false => wrong("is not that of the access token"),
        }
    }
}

impl DecodeError {
    /// `expired`, `audience`, `claims`, `signature`, `algorithm` or `malformed`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Audience(_) => "audience",
            Self::Claim(..) => "claims",
            Self::Signature => "signature",
            Self::Algorithm => "algorithm",
            Self::Malformed(_) => "malformed",
        }
    }
}

/// A time in whole seconds, if it is there.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, DecodeError> {
    let found = claims.get(name).map(|value| {
        value.as_i64().ok_or_else(|| DecodeError::Claim(name.to_owned(), "is not a whole number"))
    });
    found.transpose()
}

fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Result<Option<&'c str>, DecodeError> {
    let found = claims
        .get(name)
        .map(|value| value.as_str().ok_or_else(|| DecodeError::Claim(name.to_owned(), "is not a text")));
    found.transpose()
}

#[cfg(test)]
mod tests;

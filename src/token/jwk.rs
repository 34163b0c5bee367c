//! A JWK set (RFC 7517) as keys to verify with, one algorithm pinned to each.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::TokenError;
use super::jws::{Header, Jws};
use super::signature::VerifyingKey;
use crate::config::Algorithm;

/// Keys read from one set. A realm has two to ten.
const MAX_KEYS: usize = 256;

/// Keys tried for one `kid`. They should be distinct; where they are not, all are the realm's and equally trusted,
/// so each that fits is tried, and this bounds what a forged token costs.
const MAX_KEYS_PER_KID: usize = 4;

/// The keys of a realm, immutable: a new set replaces it whole.
#[derive(Debug, PartialEq)]
pub(super) enum KeySet {
    /// Keys by `kid`.
    Named {
        named: HashMap<Box<str>, Vec<VerifyingKey>, ahash::RandomState>,
        /// For tokens without `kid`, if just one key is without.
        unnamed: Option<VerifyingKey>,
    },
    /// One key for every token, since a PEM file has no `kid`.
    Single(VerifyingKey),
}

impl KeySet {
    /// Takes what can be used from a JWK set and skips the rest key by key. `None`: it is no JWK set, or has no key
    /// that can be used.
    pub(super) fn from_json(json: &[u8]) -> Option<Self> {
        let set: RawSet<'_> = serde_json::from_slice(json).ok()?;
        let mut named: HashMap<Box<str>, Vec<VerifyingKey>, _> = HashMap::default();
        let mut unnamed = Vec::new();
        for (index, raw) in set.keys.into_iter().take(MAX_KEYS).enumerate() {
            let key =
                serde_json::from_str::<Jwk<'_>>(raw.get()).map_err(|_| "it is not a JWK").and_then(|jwk| {
                    let key = jwk.verifying_key()?;
                    Ok((jwk.kid, key))
                });
            match key {
                Ok((Some(kid), key)) if !kid.is_empty() => {
                    let same = named.entry(kid.into()).or_default();
                    if same.len() < MAX_KEYS_PER_KID && !same.contains(&key) {
                        same.push(key);
                    }
                }
                Ok((_, key)) => unnamed.push(key),
                Err(reason) => tracing::debug!(jwk.index = index, reason, "a key of the realm is not used"),
            }
        }
        let unnamed = if unnamed.len() == 1 { unnamed.pop() } else { None };
        (!named.is_empty() || unnamed.is_some()).then_some(Self::Named { named, unnamed })
    }

    /// The keys for a token with this `kid`; empty if there is none.
    fn find(&self, kid: Option<&str>) -> &[VerifyingKey] {
        match (self, kid) {
            (Self::Single(key), _) => std::slice::from_ref(key),
            (Self::Named { named, .. }, Some(kid)) => named.get(kid).map_or(&[], Vec::as_slice),
            (Self::Named { unnamed, .. }, None) => unnamed.as_slice(),
        }
    }

    /// Whether a token with this `kid` can be judged.
    pub(super) fn has(&self, kid: Option<&str>) -> bool {
        !self.find(kid).is_empty()
    }

    /// Checks the signature with the key of exactly the token's `kid`, by the key's own algorithm.
    pub(super) fn verify(&self, jws: &Jws<'_>) -> Result<(), TokenError> {
        self.check(&jws.header, jws.signed, &jws.signature)
    }

    /// The same for parts that are not read further.
    pub(super) fn check(&self, header: &Header, signed: &[u8], signature: &[u8]) -> Result<(), TokenError> {
        let keys = self.find(header.kid.as_deref());
        if keys.is_empty() {
            return Err(TokenError::KeyUnknown);
        }
        let mut refusal = TokenError::AlgorithmUnsupported;
        for key in keys.iter().filter(|key| key.algorithm() == header.algorithm) {
            if key.is_signature(signed, signature) {
                return Ok(());
            }
            refusal = TokenError::SignatureInvalid;
        }
        Err(refusal)
    }
}

#[derive(Deserialize)]
struct RawSet<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Jwk<'a> {
    #[serde(borrow)]
    kty: Cow<'a, str>,
    #[serde(borrow, default, rename = "use")]
    purpose: Option<Cow<'a, str>>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(borrow, default)]
    alg: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    crv: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    n: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    e: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    x: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    y: Option<Cow<'a, str>>,
}

impl Jwk<'_> {
    fn verifying_key(&self) -> Result<VerifyingKey, &'static str> {
        if self.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            return Err("its `use` is not `sig`");
        }
        if self.key_ops.as_ref().is_some_and(|ops| !ops.iter().any(|op| op == "verify")) {
            return Err("its `key_ops` lack `verify`");
        }
        let algorithm = self.algorithm()?;
        let key = match &*self.kty {
            "RSA" => VerifyingKey::rsa(algorithm, &number(&self.n)?, &number(&self.e)?),
            "EC" => VerifyingKey::ec(algorithm, &number(&self.x)?, &number(&self.y)?),
            _ => VerifyingKey::ed25519(&number(&self.x)?),
        };
        key.ok_or("its numbers are no good key: too short, or not on the curve")
    }

    /// The one algorithm of this key (RFC 8725 section 3.1): its `alg`, which must suit the key; without one what the
    /// curve says, and for RSA, whose keys suit six algorithms, RS256 alone.
    fn algorithm(&self) -> Result<Algorithm, &'static str> {
        use Algorithm::{ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        let suited: &[Algorithm] = match (&*self.kty, self.crv.as_deref()) {
            ("RSA", _) => &[RS256, RS384, RS512, PS256, PS384, PS512],
            ("EC", Some("P-256")) => &[ES256],
            ("EC", Some("P-384")) => &[ES384],
            ("EC", Some("P-521")) => &[ES512],
            ("OKP", Some("Ed25519")) => &[EdDSA],
            _ => return Err("its `kty` or `crv` is not one for signatures that is supported"),
        };
        suited
            .iter()
            .copied()
            .find(|algorithm| self.alg.as_deref().is_none_or(|alg| alg == algorithm.name()))
            .ok_or("its `alg` is not supported, or does not suit its `kty`")
    }
}

fn number(text: &Option<Cow<'_, str>>) -> Result<Vec<u8>, &'static str> {
    let text = text.as_deref().ok_or("a member is missing")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "a member is not base64url")
}

#[cfg(test)]
mod tests;

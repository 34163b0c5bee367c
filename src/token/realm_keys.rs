//! A realm's keys, given and not fetched: for judging tokens offline.

use std::fmt;

use super::TokenError;
use super::jwk::KeySet;
use super::jws::Jws;

/// The keys of a realm, from its JWK set.
pub struct RealmKeys(KeySet);

impl RealmKeys {
    /// From a JWK set (RFC 7517). `None`: it has no key that can be used.
    pub fn from_jwks(json: &[u8]) -> Option<Self> {
        KeySet::from_json(json).map(Self)
    }

    /// The claims (JSON) of a JWT that one of the keys signed. Nothing else is checked: neither times nor issuer.
    pub fn claims_of(&self, token: &str) -> Result<Vec<u8>, TokenError> {
        let jws = Jws::parse(token)?;
        self.0.verify(&jws)?;
        Ok(jws.claims.json().to_vec())
    }
}

impl fmt::Debug for RealmKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealmKeys").finish_non_exhaustive()
    }
}

//! Whether Keycloak takes a token, as far as can be told offline.

use serde_json::Value;

use crate::authz::{Identity, UmaSubject};
use crate::token::{RealmKeys, TokenError};

/// The bearer of a request.
pub(super) enum Bearer {
    Good(Identity),
    Bad,
    Unknown(&'static str),
}

impl Bearer {
    /// Signature, issuer (if one is given) and times. The session, and whether the user is enabled, cannot be seen.
    pub(super) fn judge(
        token: Option<&str>,
        keys: Option<&RealmKeys>,
        issuer: Option<&str>,
        now: i64,
    ) -> Self {
        let Some(token) = token else {
            return Self::Unknown("there is no bearer token: the client authenticates");
        };
        let Some(keys) = keys else { return Self::Unknown("the keys of the realm are not known") };
        let json = match keys.claims_of(token) {
            Ok(json) => json,
            Err(TokenError::SignatureInvalid | TokenError::KeyUnknown | TokenError::TokenMalformed(_)) => {
                return Self::Bad;
            }
            Err(_) => return Self::Unknown("whether keycloak takes the token is not certain"),
        };
        let claims: Value = match serde_json::from_slice(&json) {
            Ok(claims) => claims,
            Err(_) => return Self::Bad,
        };
        let number = |name: &str| claims.get(name).and_then(Value::as_i64);
        // To Keycloak, a token is expired after its last second.
        match number("exp") {
            Some(expires_at) if expires_at != 0 && now > expires_at => return Self::Bad,
            Some(expires_at) if now == expires_at => {
                return Self::Unknown("the token is in its last second");
            }
            _ => {}
        }
        if number("nbf").is_some_and(|not_before| now < not_before) {
            return Self::Bad;
        }
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if issuer.is_some_and(|issuer| text("iss") != Some(issuer)) {
            return Self::Bad;
        }
        if text("typ").is_some_and(|kind| kind != "Bearer") || claims.get("cnf").is_some() {
            return Self::Unknown("it is not a plain bearer token");
        }
        match Identity::from_claims(&json) {
            Some(identity) => Self::Good(identity),
            None => Self::Unknown("the claims are not read for certain"),
        }
    }

    pub(super) fn subject(&self) -> UmaSubject<'_> {
        match self {
            Self::Good(identity) => UmaSubject::Bearer(identity),
            Self::Bad => UmaSubject::BadToken,
            Self::Unknown(reason) => UmaSubject::Unknown(reason),
        }
    }
}

//! The ordered list of checks that make a token good.

use std::sync::Arc;

use super::claims::Claims;
use super::jwk::KeySet;
use super::jws::{Jws, MediaType, printable_type};
use super::{Principal, TokenError};
use crate::config::{Algorithm, ProviderConfig};

/// How a token was proven good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// By its signature and claims.
    Signature,
    /// By asking the realm.
    Introspection,
}

/// A token that has passed every check, and whose it is.
#[derive(Debug)]
pub struct VerifiedToken {
    /// Who calls.
    pub principal: Principal,
    /// How it was proven.
    pub source: TokenSource,
    /// Until when this may be used, seconds since 1970: `exp`, or earlier for an introspection answer.
    pub usable_until: i64,
}

/// What a provider's tokens must be, compiled from `[providers.NAME.token]`.
#[derive(Debug)]
pub(super) struct Rules {
    issuer: Box<str>,
    /// `None`: whatever the audience, because the configuration says so.
    audience: Option<Vec<String>>,
    authorized_parties: Vec<String>,
    algorithms: Vec<Algorithm>,
    types: Vec<String>,
    /// Seconds.
    leeway: i64,
    /// Seconds; `None`: any.
    max_lifetime: Option<i64>,
    required_claims: Vec<String>,
    max_bytes: u64,
}

impl Rules {
    pub(super) fn new(config: &ProviderConfig) -> Self {
        let token = &config.token;
        let seconds =
            |period: crate::config::Period| i64::try_from(period.get().as_secs()).unwrap_or(i64::MAX);
        let audience = match (token.any_audience, token.audience.is_empty()) {
            (true, _) => None,
            (false, true) => Some(vec![config.client_id.clone()]),
            (false, false) => Some(token.audience.clone()),
        };
        Self {
            issuer: config.issuer.as_str().into(),
            audience,
            authorized_parties: token.authorized_parties.clone(),
            algorithms: token.algorithms.clone(),
            types: token.types.clone(),
            leeway: seconds(token.leeway),
            max_lifetime: Some(seconds(token.max_lifetime)).filter(|&longest| longest > 0),
            required_claims: token.required_claims.clone(),
            max_bytes: token.max_bytes.get(),
        }
    }

    /// The issuer, exactly.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether a token may be this long, before anything is done with it.
    pub(super) fn check_size(&self, token: &str) -> Result<(), TokenError> {
        match u64::try_from(token.len()) {
            Ok(length) if length <= self.max_bytes => Ok(()),
            _ => Err(TokenError::TokenOversized(self.max_bytes)),
        }
    }

    /// Proves a JWS: its issuer, its algorithm, its signature, its claims, in this order.
    pub(super) fn verify(
        &self,
        provider: &Arc<str>,
        jws: &Jws<'_>,
        keys: Option<&KeySet>,
        now: i64,
    ) -> Result<VerifiedToken, TokenError> {
        // First, since the issuer chose the keys.
        self.issuer_is_ours(&jws.claims)?;
        if !self.algorithms.contains(&jws.header.algorithm) {
            return Err(TokenError::AlgorithmUnsupported);
        }
        keys.ok_or(TokenError::KeysUnavailable)?.verify(jws)?;
        let usable_until = self.judge(&jws.claims, jws.header.media_type, now)?;
        let principal = Principal::new(Arc::clone(provider), Arc::clone(&jws.claims));
        Ok(VerifiedToken { principal, source: TokenSource::Signature, usable_until })
    }

    /// Judges an active introspection answer, which must be about an access token for us just as well: the realm calls
    /// ID tokens active too. Its `iss` may be missing, since the realm was asked itself.
    pub(super) fn accept_answer(
        &self,
        provider: &Arc<str>,
        claims: Claims,
        now: i64,
    ) -> Result<VerifiedToken, TokenError> {
        if claims.issuer().is_some() {
            self.issuer_is_ours(&claims)?;
        }
        let usable_until = self.judge(&claims, MediaType::Absent, now)?;
        let principal = Principal::new(Arc::clone(provider), Arc::new(claims));
        Ok(VerifiedToken { principal, source: TokenSource::Introspection, usable_until })
    }

    /// Every check of the claims, one a line; gives `exp`.
    fn judge(&self, claims: &Claims, media_type: MediaType, now: i64) -> Result<i64, TokenError> {
        self.type_is_access_token(claims, media_type)?;
        let expires_at = self.not_expired(claims, now)?;
        self.already_valid(claims, now)?;
        self.issued_plausibly(claims, expires_at, now)?;
        self.audience_is_us(claims)?;
        self.authorized_party_is_known(claims)?;
        self.not_bound(claims)?;
        self.required_claims_are_there(claims)?;
        Ok(expires_at)
    }

    /// RFC 7519 section 4.1.1: compared byte for byte.
    fn issuer_is_ours(&self, claims: &Claims) -> Result<(), TokenError> {
        match claims.issuer() {
            Some(issuer) if issuer == &*self.issuer => Ok(()),
            Some(_) => Err(TokenError::IssuerUnknown),
            None => Err(missing("iss")),
        }
    }

    /// Keycloak signs ID, refresh and logout tokens with the same keys, and tells them apart by the claim `typ`; without
    /// it the header must say `at+jwt` (RFC 9068 section 4).
    fn type_is_access_token(&self, claims: &Claims, media_type: MediaType) -> Result<(), TokenError> {
        match claims.kind() {
            Some(kind) if self.types.iter().any(|accepted| accepted.eq_ignore_ascii_case(kind)) => Ok(()),
            Some(kind) => Err(TokenError::TypeMismatch(printable_type(kind))),
            None if media_type == MediaType::AccessToken => Ok(()),
            None => Err(TokenError::TypeMismatch("none".to_owned())),
        }
    }

    /// `exp` must be there; good while `now < exp + leeway`.
    fn not_expired(&self, claims: &Claims, now: i64) -> Result<i64, TokenError> {
        let expires_at = claims.expires_at().ok_or_else(|| missing("exp"))?;
        if now < expires_at.saturating_add(self.leeway) {
            Ok(expires_at)
        } else {
            Err(TokenError::TokenExpired(now.saturating_sub(expires_at)))
        }
    }

    /// `nbf`, if there: good from `nbf - leeway` on.
    fn already_valid(&self, claims: &Claims, now: i64) -> Result<(), TokenError> {
        match claims.not_before() {
            Some(not_before) if now < not_before.saturating_sub(self.leeway) => {
                Err(TokenError::TokenNotYetValid(not_before.saturating_sub(now)))
            }
            _ => Ok(()),
        }
    }

    /// `iat`, if there, is not in the future; and needed where a longest lifetime is set.
    fn issued_plausibly(&self, claims: &Claims, expires_at: i64, now: i64) -> Result<(), TokenError> {
        let issued_at = claims.issued_at();
        if issued_at.is_some_and(|issued_at| issued_at > now.saturating_add(self.leeway)) {
            return Err(TokenError::TimesImplausible("it was issued in the future"));
        }
        if let Some(longest) = self.max_lifetime {
            let issued_at = issued_at.ok_or_else(|| missing("iat"))?;
            if expires_at.saturating_sub(issued_at) > longest {
                return Err(TokenError::TimesImplausible("it lives longer than `max_lifetime`"));
            }
        }
        Ok(())
    }

    /// RFC 7519 section 4.1.3; a token without `aud` is for nobody.
    fn audience_is_us(&self, claims: &Claims) -> Result<(), TokenError> {
        let Some(audience) = &self.audience else { return Ok(()) };
        // Said apart, since the realm may know more: a lightweight token has no audience.
        if claims.audience().next().is_none() {
            return Err(missing("aud"));
        }
        if claims.audience().any(|client| audience.iter().any(|accepted| accepted == client)) {
            return Ok(());
        }
        Err(TokenError::AudienceMismatch { expected: audience.join("` or `") })
    }

    fn authorized_party_is_known(&self, claims: &Claims) -> Result<(), TokenError> {
        if self.authorized_parties.is_empty() {
            return Ok(());
        }
        match claims.authorized_party() {
            Some(client) if self.authorized_parties.iter().any(|accepted| accepted == client) => Ok(()),
            _ => Err(TokenError::AuthorizedPartyMismatch),
        }
    }

    /// RFC 7800: a bound token that comes without its proof is stolen, for all that is known.
    fn not_bound(&self, claims: &Claims) -> Result<(), TokenError> {
        if claims.is_bound() { Err(TokenError::TokenBound) } else { Ok(()) }
    }

    fn required_claims_are_there(&self, claims: &Claims) -> Result<(), TokenError> {
        match self.required_claims.iter().find(|name| !claims.has(name)) {
            Some(name) => Err(missing(name)),
            None => Ok(()),
        }
    }
}

fn missing(name: &str) -> TokenError {
    TokenError::ClaimMissing(name.to_owned())
}

#[cfg(test)]
mod tests;

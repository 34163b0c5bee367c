//! A realm whose tokens are accepted, compiled from `[providers.NAME]`.

use std::sync::Arc;

use super::{Principal, TokenError};
use crate::config::{Problem, ProviderConfig};
use crate::oidc::OidcClient;

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

/// A token split in its parts, nothing proven: good for finding the provider and nothing else.
#[derive(Debug)]
pub struct UnverifiedToken<'a> {
    /// The token as it came.
    pub token: &'a str,
    /// `None`: not a JWS in compact form, so opaque.
    pub issuer: Option<String>,
}

impl<'a> UnverifiedToken<'a> {
    /// Splits a token; an opaque one is no error, one that is too long is.
    pub fn parse(token: &'a str, max_bytes: u64) -> Result<Self, TokenError> {
        let _ = (token, max_bytes);
        todo!()
    }
}

/// The realms, by issuer.
#[derive(Debug, Default)]
pub struct Providers {
    /// In the order of their names.
    pub all: Vec<Arc<Provider>>,
}

impl Providers {
    /// The provider with exactly this issuer.
    pub fn by_issuer(&self, issuer: &str) -> Option<&Arc<Provider>> {
        let _ = issuer;
        todo!()
    }
}

/// A realm whose tokens are accepted.
#[derive(Debug)]
pub struct Provider {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Provider {
    /// Compiles `[providers.NAME]`. Reads secrets and PEM files (relative paths start at `folder`); does not call the
    /// realm: that begins with [`Provider::start`]. `previous` is the provider of the configuration before: its keys and
    /// answers are taken over where nothing that they depend on has changed.
    pub fn build(
        name: &str,
        config: &ProviderConfig,
        folder: &std::path::Path,
        control: &tokio::runtime::Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// Starts fetching keys, on the control runtime, until the provider is dropped.
    pub fn start(self: &Arc<Self>) {
        todo!()
    }

    /// The name in the configuration.
    pub fn name(&self) -> &Arc<str> {
        todo!()
    }

    /// The issuer, exactly.
    pub fn issuer(&self) -> &str {
        todo!()
    }

    /// The gateway's client in the realm.
    pub fn client_id(&self) -> &str {
        todo!()
    }

    /// The client for calls to the realm.
    pub fn oidc(&self) -> &Arc<OidcClient> {
        todo!()
    }

    /// Whether a key to verify with is at hand.
    pub fn is_ready(&self) -> bool {
        todo!()
    }

    /// Counts up whenever the key set changes: what was proven under another number must be proven again.
    pub fn key_epoch(&self) -> u64 {
        todo!()
    }

    /// Verifies signature and claims with the keys at hand; never waits. `now` in seconds since 1970.
    ///
    /// [`TokenError::KeyUnknown`] and [`TokenError::KeysUnavailable`] mean: [`Provider::refetch_keys`], then once more.
    pub fn verify(&self, token: &UnverifiedToken<'_>, now: i64) -> Result<VerifiedToken, TokenError> {
        todo!()
    }

    /// Fetches the key set if the cool-down allows and this `kid` is not known to be unknown; one fetch in flight
    /// however many wait. May be awaited on any runtime; the call runs on the control runtime.
    pub async fn refetch_keys(self: &Arc<Self>, token: &str) -> Result<(), TokenError> {
        todo!()
    }

    /// Asks the realm about a token (RFC 7662); cached, one call in flight per token. An answer must be an access token
    /// for us: the same claims are checked as in [`Provider::verify`].
    ///
    /// `verified` tells that the token verifies here, which makes `active: false` the audience case.
    /// May be awaited on any runtime; the call runs on the control runtime.
    pub async fn introspect(
        self: &Arc<Self>,
        token: &str,
        verified: bool,
    ) -> Result<Arc<VerifiedToken>, TokenError> {
        todo!()
    }
}

//! An identity that is made of a token when it is first needed.

use std::sync::{Arc, OnceLock};

use super::identity::Identity;
use crate::token::{TokenSource, VerifiedToken};

/// Belongs to one token, and is kept beside it.
#[derive(Debug, Default)]
pub struct LazyIdentity {
    identity: OnceLock<Option<Arc<Identity>>>,
}

impl LazyIdentity {
    /// The identity that Keycloak makes of the token. `None` if that is not known: also where the realm was asked about the
    /// token, as its answer says more than the token that Keycloak would be asked with.
    pub(super) fn of(&self, token: &VerifiedToken) -> Option<&Arc<Identity>> {
        let make = || match token.source {
            TokenSource::Signature => Identity::from_claims(token.principal.claims_json()).map(Arc::new),
            TokenSource::Introspection => None,
        };
        self.identity.get_or_init(make).as_ref()
    }
}

//! A realm as the pipeline sees it: who verifies, who decides, when it is asked.

use std::sync::Arc;

use crate::authz::Authorizer;
use crate::config::IntrospectionMode;
use crate::oidc::split_realm;
use crate::token::Provider;

/// A realm whose tokens are accepted.
#[derive(Debug)]
pub(super) struct Realm {
    pub(super) provider: Arc<Provider>,
    pub(super) authorizer: Arc<Authorizer>,
    /// When it is asked about a token, unless a route says otherwise; `Never` if there is no secret to ask with.
    pub(super) introspection: IntrospectionMode,
    /// Whether it can be asked at all.
    pub(super) has_secret: bool,
}

impl Realm {
    /// Keycloak's name for it: what follows `/realms/` in the issuer; the provider's name if nothing does.
    pub(super) fn keycloak_name(&self) -> &str {
        split_realm(self.provider.issuer()).map_or(self.provider.name(), |(_, name)| name)
    }
}

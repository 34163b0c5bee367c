//! A route, compiled: all that is needed to judge and forward its requests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::cors::Cors;
use super::realm::Realm;
use crate::authz::{ClaimPoints, Needs, Requirement, Unguarded};
use crate::config::{EnforcementMode, EvaluationMode, IntrospectionMode};
use crate::proxy::Upstream;
use crate::telemetry::RouteMetrics;

/// A route, compiled from `[routes.NAME]`.
pub(super) struct Route {
    pub(super) name: Arc<str>,
    /// Its place among the routes: the caller remembers by it.
    pub(super) index: usize,
    pub(super) requirement: Arc<Requirement>,
    pub(super) needs: Needs,
    pub(super) enforcement: EnforcementMode,
    pub(super) evaluation: EvaluationMode,
    /// Whether two paths may come to different decisions.
    pub(super) depends_on_path: bool,
    pub(super) pushed_claims: ClaimPoints,
    /// The realms whose tokens count here, in the order in which they are asked for opaque tokens.
    pub(super) realms: Vec<Arc<Realm>>,
    pub(super) introspection: Option<IntrospectionMode>,
    pub(super) ticket: bool,
    pub(super) encoded_slashes: bool,
    pub(super) cors: Option<Cors>,
    pub(super) destination: Destination,
    pub(super) metrics: Arc<RouteMetrics>,
}

/// Where the requests of a route go, and what is changed of them.
pub(super) struct Destination {
    pub(super) upstream: Arc<Upstream>,
    pub(super) upstream_name: Arc<str>,
    pub(super) strip_prefix: Option<String>,
    pub(super) authorization: Authorization,
    /// The largest body.
    pub(super) body_limit: Option<u64>,
    /// For the whole exchange.
    pub(super) total_timeout: Option<Duration>,
}

/// What the upstream gets as `Authorization`.
#[derive(Clone)]
pub(super) enum Authorization {
    Strip,
    Pass,
    Replace(HeaderValue),
}

impl Route {
    /// Why the route lets everyone through, if it does.
    pub(super) fn unguarded(&self) -> Option<Unguarded> {
        match (self.enforcement, self.needs) {
            (EnforcementMode::Disabled, _) => Some(Unguarded::Disabled),
            (_, Needs::Nothing) => Some(Unguarded::Public),
            _ => None,
        }
    }

    /// When `realm` is asked about a token here.
    pub(super) fn introspection(&self, realm: &Realm) -> IntrospectionMode {
        if realm.has_secret {
            self.introspection.unwrap_or(realm.introspection)
        } else {
            IntrospectionMode::Never
        }
    }

    /// The accepted realm with this issuer.
    pub(super) fn realm_of(&self, issuer: &str) -> Option<&Arc<Realm>> {
        self.realms.iter().find(|realm| realm.provider.issuer() == issuer)
    }

    /// The realm that is asked about opaque tokens: the first accepted one that may be asked. Only one is, so that no
    /// realm gets to see another's tokens.
    pub(super) fn realm_for_opaque(&self) -> Option<&Arc<Realm>> {
        self.realms.iter().find(|realm| self.introspection(realm) != IntrospectionMode::Never)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").field("name", &self.name).finish_non_exhaustive()
    }
}

//! The claims that a route pushes with its questions for permissions.

use std::collections::BTreeSet;
use std::net::IpAddr;

use http::Request;

use super::address;
use super::route::Route;
use super::stage::Routed;
use crate::authz::{ClaimFacts, PushedClaims};
use crate::route::CanonicalPath;

/// Those of a request.
pub(super) fn claims<B>(routed: &Routed<B>) -> PushedClaims {
    let Routed { request, context, path, route } = routed;
    if route.pushed_claims.is_empty() {
        return PushedClaims::default();
    }
    let headers = request.headers();
    let is_secure = if context.trusted { said_secure(headers) } else { None };
    let is_secure = is_secure.unwrap_or(context.connection.tls);
    let proxies = context.gateway.trusted_proxies();
    let client = address::client(proxies, context.connection.address(), headers);
    of(route, request, path, Origin { client: Some(client), is_secure })
}

/// How a request came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// From whom; `None`: that is not supposed.
    pub(super) client: Option<IpAddr>,
    /// Whether by TLS.
    pub(super) is_secure: bool,
}

/// Those of a request that came so.
pub(super) fn of<B>(
    route: &Route,
    request: &Request<B>,
    path: &CanonicalPath,
    origin: Origin,
) -> PushedClaims {
    let (uri, headers) = (request.uri(), request.headers());
    let whole = format!(
        "{}://{}{}",
        if origin.is_secure { "https" } else { "http" },
        super::host::authority(headers),
        uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    );
    let facts = ClaimFacts {
        method: request.method(),
        uri: &whole,
        path: path.as_str(),
        query: uri.query(),
        headers,
        remote_address: origin.client,
        is_secure: origin.is_secure,
    };
    // Keycloak makes a set of the values.
    let distinct = |values: Vec<String>| values.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    PushedClaims::new(
        route.pushed_claims.claims(&facts).into_iter().map(|(name, values)| (name, distinct(values))),
    )
}

/// What a trusted proxy says of the client's connection.
fn said_secure(headers: &http::HeaderMap) -> Option<bool> {
    let said = headers.get("x-forwarded-proto")?.to_str().ok()?;
    Some(said.rsplit(',').next()?.trim().eq_ignore_ascii_case("https"))
}

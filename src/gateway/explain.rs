//! Why a request would be answered as it would: nothing is sent, and no realm is asked.

mod callers;
mod explanation;
mod surface;

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, Request};

pub use self::callers::NamedCaller;
pub use self::explanation::{ExplainedRoute, Explanation, ProbeAnswer};
pub use self::surface::SurfaceRow;
use super::authorize::wants_ticket;
use super::find_route::find;
use super::pushed::Origin;
use super::realm::Realm;
use super::route::Route;
use super::{Gateway, Rejection, host, judge, pushed};
use crate::authz::{Identity, PushedClaims, Supposition};
use crate::config::IntrospectionMode;
use crate::route::{CanonicalPath, PathError};
use crate::token::Principal;

/// A request that is only supposed.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// `METHOD PATH`, or `METHOD http://HOST/PATH`. Without a host the routes are asked that serve any.
    pub request: &'a str,
    /// Who asks.
    pub caller: ProbeCaller<'a>,
    /// Header fields that it has.
    pub headers: &'a HeaderMap,
    /// Where it comes from; `None`: that is not supposed, and nothing is pushed of it.
    pub client: Option<IpAddr>,
    /// Seconds since 1970.
    pub now: i64,
    /// See [`Supposition::open_ended`].
    pub open_ended: bool,
}

/// Who asks.
#[derive(Clone, Copy)]
pub enum ProbeCaller<'a> {
    /// Nobody in particular: there is no token.
    Nobody,
    /// The owner of a token that has passed every check.
    Token {
        /// The provider; absent: the one of the claims' `iss`, or the only one if they have none.
        provider: Option<&'a str>,
        /// The claims, as JSON.
        claims: &'a [u8],
        /// The realm said so, not the token itself: what Keycloak's policies would see is not known then.
        introspected: bool,
    },
    /// Somebody whose token is refused, with this code.
    Refused(&'static str),
}

impl Gateway {
    /// Explains. The error says that the request is none.
    pub fn explain(&self, probe: &Probe<'_>) -> Result<Explanation, String> {
        let mut request = judge::parse(probe.request)?;
        request.headers_mut().extend(probe.headers.clone());
        let (path, route) = match find(&mut request, self) {
            Ok(found) => found,
            Err(rejection) => return Ok(Explanation::of_rejection(&rejection)),
        };
        let explained = Some(self.explained_route(&request, &path, &route));
        let mut explanation = if path.has_encoded_slash() && !route.encoded_slashes {
            Explanation::of_rejection(&Rejection::Path(PathError::EncodedSeparator))
        } else {
            self.explain_routed(probe, &request, &path, &route)
        };
        explanation.route = explained;
        explanation.path = Some(path.as_str().to_owned());
        Ok(explanation)
    }

    fn explain_routed(
        &self,
        probe: &Probe<'_>,
        request: &Request<()>,
        path: &CanonicalPath,
        route: &Route,
    ) -> Explanation {
        if route.unguarded().is_some() {
            return Explanation::new(ProbeAnswer::Allowed, "", "the route needs no token");
        }
        let (provider, claims, introspected) = match probe.caller {
            ProbeCaller::Nobody => {
                return Explanation::new(
                    ProbeAnswer::Unauthenticated,
                    "token_missing",
                    "the route needs a token",
                );
            }
            ProbeCaller::Refused(code) => {
                return Explanation::new(ProbeAnswer::Unauthenticated, code, "the token is refused");
            }
            ProbeCaller::Token { provider, claims, introspected } => (provider, claims, introspected),
        };
        let (realm, principal) = match self.supposed_caller(provider, claims, route) {
            Ok(caller) => caller,
            Err((code, reason)) => return Explanation::new(ProbeAnswer::Unauthenticated, code, &reason),
        };
        let introspection = introspection_note(route, realm, &principal, introspected);
        // As the gateway has it: what the realm says of a token is not what policies see of it.
        let identity =
            if introspected || introspection.is_some() { None } else { Identity::from_claims(claims) };
        let pushed = self.supposed_claims(probe, request, path, route);
        let supposed = Supposition {
            principal: &principal,
            identity: identity.as_ref(),
            evaluation: route.evaluation,
            method: request.method(),
            path: path.as_str(),
            pushed: &pushed,
            now: probe.now,
            open_ended: probe.open_ended,
        };
        let explained = realm.authorizer.explain(&route.requirement, &supposed);
        let mut explanation = Explanation::of_requirement(explained, route.enforcement);
        explanation.notes.extend(ticket_note(route, &explanation).map(str::to_owned));
        explanation.notes.extend(introspection.map(str::to_owned));
        explanation.notes.extend(pushed_notes(route, &pushed));
        explanation
    }

    /// What the route pushes of the request.
    fn supposed_claims(
        &self,
        probe: &Probe<'_>,
        request: &Request<()>,
        path: &CanonicalPath,
        route: &Route,
    ) -> PushedClaims {
        let is_secure = match request.uri().scheme_str() {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            None => self.config().listener.tls.is_some(),
        };
        pushed::of(route, request, path, Origin { client: probe.client, is_secure })
    }

    fn supposed_caller(
        &self,
        provider: Option<&str>,
        claims: &[u8],
        route: &Route,
    ) -> Result<(&Arc<Realm>, Principal), (&'static str, String)> {
        let read = |name: Arc<str>| {
            Principal::from_claims(name, claims).map_err(|error| (error.code(), error.to_string()))
        };
        let issuer = read(Arc::from(""))?.issuer().map(str::to_owned);
        let by_issuer = issuer.filter(|_| provider.is_none()).map(|issuer| {
            let named = self.realms().iter().find(|(_, realm)| realm.provider.issuer() == issuer);
            named
                .map(|(name, _)| name.as_str())
                .ok_or_else(|| format!("no provider has the issuer `{issuer}`"))
        });
        let provider = match by_issuer {
            Some(name) => Some(name.map_err(|reason| ("issuer_unknown", reason))?),
            None => provider,
        };
        let realm =
            self.supposed_realm(provider, route).map_err(|reason| ("issuer_unknown", reason.to_owned()))?;
        Ok((realm, read(Arc::clone(realm.provider.name()))?))
    }

    fn explained_route(&self, request: &Request<()>, path: &CanonicalPath, route: &Route) -> ExplainedRoute {
        let name = host::name(host::authority(request.headers())).to_ascii_lowercase();
        let mut explained = ExplainedRoute {
            name: route.name.to_string(),
            pattern: String::new(),
            host: None,
            methods: Vec::new(),
            passed_over: Vec::new(),
        };
        for (key, _) in self.routes().iter() {
            let host = key.hosts.iter().find(|host| host.matches(&name));
            if *key.name == *route.name {
                explained.pattern = key.pattern.as_str().to_owned();
                explained.host = host.map(ToString::to_string);
                explained.methods = key.methods.iter().map(ToString::to_string).collect();
            } else if (key.hosts.is_empty() || host.is_some()) && key.pattern.matches(path.as_str()) {
                explained.passed_over.push((key.name.clone(), key.pattern.as_str().to_owned()));
            }
        }
        explained
    }
}

fn ticket_note(route: &Route, explanation: &Explanation) -> Option<&'static str> {
    let refusal = explanation.requirement.as_ref()?.refusal.as_ref()?;
    let is_given = explanation.answer == ProbeAnswer::Refused && wants_ticket(route, refusal);
    is_given.then_some("the route answers 401 with a permission ticket, if the realm gives one")
}

/// The names alone: values are of the request, and may be anything.
fn pushed_notes(route: &Route, pushed: &PushedClaims) -> Vec<String> {
    let is_pushed = |name: &&str| pushed.iter().any(|(own, _)| own == *name);
    let (made, lacking): (Vec<&str>, Vec<&str>) = route.pushed_claims.names().partition(is_pushed);
    let note = |words: &str, names: Vec<&str>| {
        (!names.is_empty()).then(|| format!("{words} `{}`", names.join("`, `")))
    };
    let lacking = note("not pushed, as the request lacks what it is made of: claim", lacking);
    note("the request pushes claim", made).into_iter().chain(lacking).collect()
}

/// Whether the realm would be asked about the token first.
fn introspection_note(
    route: &Route,
    realm: &Realm,
    principal: &Principal,
    introspected: bool,
) -> Option<&'static str> {
    match route.introspection(realm) {
        _ if introspected => None,
        IntrospectionMode::Always => Some("the realm would be asked about the token first (introspection)"),
        IntrospectionMode::Fallback if route.requirement.lacks_claims(principal) => Some(
            "the token lacks claims that a condition is judged by: the realm would be asked about it first",
        ),
        IntrospectionMode::Fallback | IntrospectionMode::Never => None,
    }
}

/// Without the claims, which are personal data.
impl std::fmt::Debug for ProbeCaller<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nobody => "Nobody",
            Self::Token { .. } => "Token",
            Self::Refused(_) => "Refused",
        })
    }
}

#[cfg(test)]
mod tests;

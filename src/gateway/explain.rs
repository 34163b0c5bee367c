//! Why a request would be answered as it would: nothing is sent, and no realm is asked.

mod callers;
mod surface;

use std::sync::Arc;

use http::Request;

pub use self::callers::NamedCaller;
pub use self::surface::SurfaceRow;
use super::find_route::find;
use super::realm::Realm;
use super::route::Route;
use super::{Gateway, Rejection, host, judge};
use crate::authz::{Explained, Identity, PushedClaims, Standing, Supposition};
use crate::config::{EnforcementMode, IntrospectionMode};
use crate::route::{CanonicalPath, PathError};
use crate::token::Principal;

/// A request that is only supposed.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// `METHOD PATH`, or `METHOD http://HOST/PATH`. Without a host the routes are asked that serve any.
    pub request: &'a str,
    /// Who asks.
    pub caller: ProbeCaller<'a>,
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

/// How a request would be answered, and why.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The answer.
    pub answer: ProbeAnswer,
    /// The stable code of a refusal; else empty.
    pub code: &'static str,
    /// Why, for a person.
    pub reason: String,
    /// The path that is decided on, if it has one reading.
    pub path: Option<String>,
    /// The route in charge.
    pub route: Option<ExplainedRoute>,
    /// Its requirement, if it came to that.
    pub requirement: Option<Explained>,
    /// What else there is to say.
    pub notes: Vec<String>,
}

/// How a request would be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// The request can be read in two ways (400).
    Malformed,
    /// No route (404).
    NoRoute,
    /// The route in charge has other methods (405).
    MethodNotAllowed,
    /// A good token is needed (401).
    Unauthenticated,
    /// Not allowed (403).
    Refused,
    /// Keycloak would be asked.
    AsksKeycloak,
    /// It depends on what is not supposed.
    Depends,
    /// Forwarded.
    Allowed,
}

/// The route in charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRoute {
    /// Its name.
    pub name: String,
    /// Its path pattern.
    pub pattern: String,
    /// The host of its own that matches; `None`: it takes any.
    pub host: Option<String>,
    /// Its methods; none: any.
    pub methods: Vec<String>,
    /// Name and pattern of routes that cover the request, too, but less exactly.
    pub passed_over: Vec<(String, String)>,
}

impl ProbeAnswer {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NoRoute => "no_route",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Unauthenticated => "unauthenticated",
            Self::Refused => "refused",
            Self::AsksKeycloak => "asks_keycloak",
            Self::Depends => "depends",
            Self::Allowed => "allowed",
        }
    }

    /// The status, if the gateway itself answers.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Malformed => Some(400),
            Self::NoRoute => Some(404),
            Self::MethodNotAllowed => Some(405),
            Self::Unauthenticated => Some(401),
            Self::Refused => Some(403),
            Self::AsksKeycloak | Self::Depends | Self::Allowed => None,
        }
    }
}

impl Gateway {
    /// Explains. The error says that the request is none.
    pub fn explain(&self, probe: &Probe<'_>) -> Result<Explanation, String> {
        let mut request = judge::parse(probe.request)?;
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
        let identity = Identity::from_claims(claims);
        let identity = match &identity {
            _ if introspected => {
                Err("the realm was asked about the token, and what policies see of it is not known")
            }
            Some(identity) => Ok(identity),
            None => Err("the claims are not as keycloak writes them"),
        };
        let supposed = Supposition {
            principal: &principal,
            identity,
            method: request.method(),
            path: path.as_str(),
            pushed: &PushedClaims::default(),
            now: probe.now,
            open_ended: probe.open_ended,
        };
        let explained = realm.authorizer.explain(&route.requirement, &supposed);
        let mut explanation = Explanation::of_requirement(explained, route.enforcement);
        explanation
            .notes
            .extend(introspection_note(route, realm, &principal, introspected).map(str::to_owned));
        explanation
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

impl Explanation {
    fn new(answer: ProbeAnswer, code: &'static str, reason: &str) -> Self {
        Self {
            answer,
            code,
            reason: reason.to_owned(),
            path: None,
            route: None,
            requirement: None,
            notes: Vec::new(),
        }
    }

    fn of_rejection(rejection: &Rejection) -> Self {
        let answer = match rejection {
            Rejection::NoRoute => ProbeAnswer::NoRoute,
            Rejection::MethodNotAllowed(_) | Rejection::MethodRefused => ProbeAnswer::MethodNotAllowed,
            _ => ProbeAnswer::Malformed,
        };
        let reason = match rejection {
            Rejection::MethodNotAllowed(methods) => {
                let methods: Vec<&str> = methods.iter().map(http::Method::as_str).collect();
                format!("the route in charge has other methods: {}", methods.join(", "))
            }
            other => other.reason(),
        };
        Self::new(answer, rejection.code(), &reason)
    }

    fn of_requirement(explained: Explained, enforcement: EnforcementMode) -> Self {
        let refusal = explained.refusal.as_ref();
        let needs = || explained.need.as_ref().map(ToString::to_string).unwrap_or_default();
        let asked = || {
            let permissions = explained.rule.iter().flat_map(|rule| rule.permissions());
            let notes: Vec<&str> = permissions.filter_map(|permission| permission.note.as_deref()).collect();
            format!("keycloak would be asked: {}", notes.join("; "))
        };
        let (answer, code, reason) = match explained.standing {
            Standing::Met => (ProbeAnswer::Allowed, "", "the requirement is met".to_owned()),
            Standing::AsksKeycloak => (ProbeAnswer::AsksKeycloak, "", asked()),
            Standing::Depends => (ProbeAnswer::Depends, "", format!("it depends on {}", needs())),
            Standing::NotMet | Standing::Unclear => {
                let code = refusal.map_or("requirement_not_met", |refusal| refusal.code.name());
                let detail = refusal.map(|refusal| refusal.detail.clone()).unwrap_or_default();
                (ProbeAnswer::Refused, code, detail)
            }
        };
        let explanation = match enforcement {
            EnforcementMode::Permissive if answer != ProbeAnswer::Allowed => {
                Self::new(ProbeAnswer::Allowed, "", &format!("the route is permissive, though {reason}"))
            }
            _ => Self::new(answer, code, &reason),
        };
        Self { requirement: Some(explained), ..explanation }
    }
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

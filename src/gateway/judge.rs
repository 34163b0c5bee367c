//! Answers the questions of `[[tests]]`, without a token and without a realm.

use std::sync::Arc;

use http::{Method, Request, Uri, Version};

use super::find_route::find;
use super::realm::Realm;
use super::route::Route;
use super::{Gateway, Rejection};
use crate::config::{ConfigTest, EnforcementMode, Expectation};
use crate::route::CanonicalPath;
use crate::token::Principal;

/// What the configuration says to a test's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The answer.
    pub expectation: Expectation,
    /// The route in charge, if there is one.
    pub route: Option<String>,
    /// Why, for a person.
    pub reason: String,
}

impl Gateway {
    /// Judges a test's request as the pipeline would, once the token has passed every check of its own.
    ///
    /// A request without a host asks the routes that serve any host. The permissions that the test names are those that
    /// Keycloak would grant; all others are not.
    pub fn judge(&self, test: &ConfigTest) -> Judged {
        let no_route = |reason: String| Judged { expectation: Expectation::NoRoute, route: None, reason };
        let mut request = match parse(&test.request) {
            Ok(request) => request,
            Err(reason) => return no_route(reason),
        };
        match find(&mut request, self) {
            Ok((path, route)) if path.has_encoded_slash() && !route.encoded_slashes => Judged {
                route: Some(route.name.to_string()),
                ..no_route("the path has an encoded separator".to_owned())
            },
            Ok((path, route)) => self.judge_routed(test, request.method(), &path, &route),
            Err(rejection) => no_route(match rejection {
                Rejection::MethodNotAllowed(_) => "the route in charge has other methods".to_owned(),
                other => other.reason(),
            }),
        }
    }

    fn judge_routed(
        &self,
        test: &ConfigTest,
        method: &Method,
        path: &CanonicalPath,
        route: &Route,
    ) -> Judged {
        let judged = |expectation, reason: &str| Judged {
            expectation,
            route: Some(route.name.to_string()),
            reason: reason.to_owned(),
        };
        if route.unguarded().is_some() {
            return judged(Expectation::Allow, "the route needs no token");
        }
        let Some(claims) = &test.claims else {
            return judged(Expectation::Unauthenticated, "the route needs a token");
        };
        let realm = match self.supposed_realm(test.provider.as_deref(), route) {
            Ok(realm) => realm,
            Err(reason) => return judged(Expectation::Unauthenticated, reason),
        };
        let claims = claims.to_string();
        let principal = match Principal::from_claims(Arc::clone(realm.provider.name()), claims.as_bytes()) {
            Ok(principal) => principal,
            Err(error) => return judged(Expectation::Unauthenticated, &error.to_string()),
        };
        let granted = |resource: &str, scope: &str| grants(&test.permissions, resource, scope);
        let model = realm.authorizer.model();
        let model = model.as_deref();
        match route.requirement.judge_with(&principal, method, path.as_str(), model, &granted) {
            Ok(()) => judged(Expectation::Allow, "the requirement is met"),
            Err(refusal) if route.enforcement == EnforcementMode::Permissive => {
                judged(Expectation::Allow, &format!("permissive, though {}", refusal.detail))
            }
            Err(refusal) => judged(Expectation::Deny, &refusal.detail),
        }
    }

    /// The realm of a token that is only supposed, by the provider's name; the only one there is, if none is named.
    pub(super) fn supposed_realm(
        &self,
        provider: Option<&str>,
        route: &Route,
    ) -> Result<&Arc<Realm>, &'static str> {
        let mut all = self.realms().values();
        let realm = match (provider, all.next(), all.next()) {
            (Some(name), ..) => self.realms().get(name).ok_or("there is no such provider")?,
            (None, Some(realm), None) => realm,
            (None, ..) => return Err("it is not said which provider's token it is"),
        };
        let accepted = route.realms.iter().any(|accepted| Arc::ptr_eq(accepted, realm));
        if accepted { Ok(realm) } else { Err("the route does not accept tokens of this provider") }
    }
}

/// `METHOD PATH`, or `METHOD http://HOST/PATH`.
pub(super) fn parse(line: &str) -> Result<Request<()>, String> {
    let wrong = || format!("`{line}` is not `METHOD PATH`, nor `METHOD http://HOST/PATH`");
    let (method, target) = line.split_once(' ').ok_or_else(wrong)?;
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| wrong())?;
    let uri: Uri = target.trim().parse().map_err(|_| wrong())?;
    // HTTP/1.0 is the version that may do without a host.
    let request = Request::builder().method(method).uri(uri).version(Version::HTTP_10);
    request.body(()).map_err(|_| wrong())
}

/// Whether `RESOURCE#SCOPE`, or all of `RESOURCE`, is among the permissions. An empty scope asks for the resource.
fn grants(permissions: &[String], resource: &str, scope: &str) -> bool {
    permissions.iter().any(|permission| match permission.split_once('#') {
        None => permission == resource,
        Some((granted, scopes)) => {
            granted == resource
                && (scope.is_empty() || scopes.split(',').any(|granted| granted.trim() == scope))
        }
    })
}

#[cfg(test)]
mod tests;

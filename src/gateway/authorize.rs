//! Authenticated -> Permitted: may the caller do this?

use std::sync::Arc;

use http::HeaderMap;

use super::caller::Caller;
use super::gate::{Check, Checked};
use super::pushed;
use super::remembered::Occasion;
use super::route::Route;
use super::stage::{Authenticated, Permitted, Routed};
use super::{Refused, Rejection};
use crate::authz::{Ask, Decided, Decision, Needs, Origin, Permit, PushedClaims, Refusal, RefusalCode};
use crate::token::{TokenError, bearer};

/// Decides by the route's requirement: from the claims, from what was decided before, or by asking Keycloak.
#[derive(Clone, Copy, Debug, Default)]
pub struct Authorize;

impl<B: Send + 'static> Check<Authenticated<B>> for Authorize {
    type Out = Permitted<B>;

    fn check(&self, mut authenticated: Authenticated<B>) -> Checked<Permitted<B>> {
        match decide(&authenticated) {
            Ok(Decided::Now(Decision::Granted(permit))) => Checked::Pass(permitted(authenticated, permit)),
            Ok(Decided::Now(Decision::Refused(refusal))) => refused(authenticated, refusal),
            Ok(Decided::Later { decision, reason }) => Checked::Wait(Box::pin(async move {
                authenticated.remote_reason = reason.map(String::into_boxed_str);
                match decision.await {
                    Decision::Granted(permit) => Ok(permitted(authenticated, permit)),
                    Decision::Refused(refusal) => match refused(authenticated, refusal) {
                        Checked::Refuse(refused) => Err(refused),
                        Checked::Wait(wait) => wait.await,
                        Checked::Pass(permitted) => Ok(permitted),
                    },
                }
            })),
            Err(error) => Checked::Refuse(authenticated.refuse(Rejection::Token(error))),
        }
    }
}

fn decide<B>(authenticated: &Authenticated<B>) -> Result<Decided, TokenError> {
    let Authenticated { routed, caller, .. } = authenticated;
    let (route, context) = (&routed.route, &routed.context);
    if let Some(why) = route.unguarded() {
        return Ok(Decided::Now(Decision::Granted(Permit::unguarded(why))));
    }
    let caller = caller.as_ref().ok_or(TokenError::TokenMissing)?;
    if let Some(permit) = caller.permit(route) {
        return Ok(Decided::Now(Decision::Granted(permit)));
    }
    let authorizer = &caller.realm.authorizer;
    let by_permissions = route.needs == Needs::Permissions;
    let verify = by_permissions && authorizer.draws_verification();
    if by_permissions
        && !verify
        && let Some(permit) = caller.decision(occasion(routed), context.now)
    {
        return Ok(Decided::Now(Decision::Granted(permit)));
    }
    let bearer = token(routed.request.headers())?;
    let origin = Origin { id: context.id.as_str(), route: &route.name };
    Ok(authorizer.decide(Ask {
        requirement: &route.requirement,
        enforcement: route.enforcement,
        evaluation: route.evaluation,
        token: &caller.token,
        identity: &caller.known_as,
        bearer,
        pushed: &pushed::claims(routed),
        method: routed.request.method(),
        path: routed.path.as_str(),
        now: context.now,
        verify: verify.then_some(origin),
    }))
}

/// What a decision on this request is for.
fn occasion<B>(routed: &Routed<B>) -> Occasion<'_> {
    let Routed { request, path, route, .. } = routed;
    let path = if route.depends_on_path { path.as_str() } else { "" };
    Occasion { route: route.index, method: request.method(), path }
}

/// The very token that was proven: nothing between there and here changes the request.
fn token(headers: &HeaderMap) -> Result<&str, TokenError> {
    bearer(headers)?.ok_or(TokenError::TokenMissing)
}

fn permitted<B>(authenticated: Authenticated<B>, permit: Permit) -> Permitted<B> {
    let route = &authenticated.routed.route;
    route.metrics.decision(permit.mode().name(), permit.source().name());
    if let Some(caller) = &authenticated.caller {
        caller.remember(route, permit);
        if route.needs == Needs::Permissions {
            caller.remember_decision(occasion(&authenticated.routed), permit);
        }
    }
    Permitted { authenticated, permit }
}

/// A plain refusal; or with a ticket, where the route gives one and a permission is all that is missing.
fn refused<B: Send + 'static>(authenticated: Authenticated<B>, refusal: Refusal) -> Checked<Permitted<B>> {
    let route = &authenticated.routed.route;
    route.metrics.decision("refused", refusal.source.name());
    match &authenticated.caller {
        Some(caller) if wants_ticket(route, &refusal) => {
            let (caller, pushed) = (Arc::clone(caller), pushed::claims(&authenticated.routed));
            Checked::Wait(Box::pin(async move {
                let rejection = ticket(&caller, refusal, pushed).await;
                Err::<Permitted<B>, Refused>(authenticated.refuse(rejection))
            }))
        }
        _ => Checked::Refuse(authenticated.refuse(Rejection::Refused(refusal))),
    }
}

/// Whether the route gives a ticket in place of this refusal.
pub(super) fn wants_ticket(route: &Route, refusal: &Refusal) -> bool {
    route.ticket && refusal.code == RefusalCode::PermissionDenied && !refusal.permissions.is_empty()
}

async fn ticket(caller: &Caller, refusal: Refusal, pushed: PushedClaims) -> Rejection {
    match caller.realm.authorizer.ticket(refusal.permissions.clone(), pushed).await {
        Ok(ticket) => Rejection::Ticket { refusal, ticket },
        Err(error) => Rejection::TicketUnavailable { refusal, reason: error.to_string() },
    }
}

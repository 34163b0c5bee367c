//! Authenticated -> Permitted: may the caller do this?

use std::sync::Arc;

use http::HeaderMap;

use super::caller::Caller;
use super::gate::{Check, Checked};
use super::route::Route;
use super::stage::{Authenticated, Permitted};
use super::{Refused, Rejection};
use crate::authz::{Ask, Decided, Decision, Permit, Refusal, RefusalCode};
use crate::token::{TokenError, bearer};

/// Decides by the route's requirement: from the claims, from what was decided before, or by asking Keycloak.
#[derive(Clone, Copy, Debug, Default)]
pub struct Authorize;

impl<B: Send + 'static> Check<Authenticated<B>> for Authorize {
    type Out = Permitted<B>;

    fn check(&self, authenticated: Authenticated<B>) -> Checked<Permitted<B>> {
        match decide(&authenticated) {
            Ok(Decided::Now(Decision::Granted(permit))) => Checked::Pass(permitted(authenticated, permit)),
            Ok(Decided::Now(Decision::Refused(refusal))) => refused(authenticated, refusal),
            Ok(Decided::Later(decision)) => Checked::Wait(Box::pin(async move {
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
    let Authenticated { routed, caller } = authenticated;
    if let Some(why) = routed.route.unguarded() {
        return Ok(Decided::Now(Decision::Granted(Permit::unguarded(why))));
    }
    let caller = caller.as_ref().ok_or(TokenError::TokenMissing)?;
    if let Some(permit) = caller.permit(&routed.route) {
        return Ok(Decided::Now(Decision::Granted(permit)));
    }
    let bearer = token(routed.request.headers())?;
    Ok(caller.realm.authorizer.decide(Ask {
        requirement: &routed.route.requirement,
        enforcement: routed.route.enforcement,
        token: &caller.token,
        bearer,
        method: routed.request.method(),
        path: routed.path.as_str(),
        now: routed.context.now,
    }))
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
    }
    Permitted { authenticated, permit }
}

/// A plain refusal; or with a ticket, where the route gives one and a permission is all that is missing.
fn refused<B: Send + 'static>(authenticated: Authenticated<B>, refusal: Refusal) -> Checked<Permitted<B>> {
    let route = &authenticated.routed.route;
    route.metrics.decision("refused", refusal.source.name());
    match &authenticated.caller {
        Some(caller) if wants_ticket(route, &refusal) => {
            let caller = Arc::clone(caller);
            Checked::Wait(Box::pin(async move {
                let rejection = ticket(&caller, refusal).await;
                Err::<Permitted<B>, Refused>(authenticated.refuse(rejection))
            }))
        }
        _ => Checked::Refuse(authenticated.refuse(Rejection::Refused(refusal))),
    }
}

fn wants_ticket(route: &Route, refusal: &Refusal) -> bool {
    route.ticket && refusal.code == RefusalCode::PermissionDenied && !refusal.permissions.is_empty()
}

async fn ticket(caller: &Caller, refusal: Refusal) -> Rejection {
    match caller.realm.authorizer.ticket(refusal.permissions.clone()).await {
        Ok(ticket) => Rejection::Ticket { refusal, ticket },
        Err(error) => Rejection::TicketUnavailable { refusal, reason: error.to_string() },
    }
}

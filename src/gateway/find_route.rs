//! Request -> Routed: one host, one path, one route.

use std::sync::Arc;

use http::{Method, Request};

use super::gate::{Check, Checked};
use super::route::Route;
use super::stage::{Arrived, Routed};
use super::{Gateway, Rejection, cors, host};
use crate::route::{CanonicalPath, Found, PathError};

/// Finds the route in charge. Whatever can be read in two ways is refused here, before anything is decided.
#[derive(Clone, Copy, Debug, Default)]
pub struct FindRoute;

impl<B> Check<Arrived<B>> for FindRoute {
    type Out = Routed<B>;

    fn check(&self, mut arrived: Arrived<B>) -> Checked<Routed<B>> {
        match find(&mut arrived.request, &arrived.context.gateway) {
            Ok((path, route)) => {
                let Arrived { request, context } = arrived;
                let routed = Routed { request, context, path, route };
                match refused_by_route(&routed) {
                    None => Checked::Pass(routed),
                    Some(rejection) => Checked::Refuse(routed.refuse(rejection)),
                }
            }
            Err(rejection) => Checked::Refuse(arrived.refuse(rejection)),
        }
    }
}

/// The canonical path and the route in charge; settles `Host` on the way.
pub(super) fn find<B>(
    request: &mut Request<B>,
    gateway: &Gateway,
) -> Result<(CanonicalPath, Arc<Route>), Rejection> {
    // Neither is a request for a resource: one asks for a tunnel, the other for the credentials back.
    if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
        return Err(Rejection::MethodRefused);
    }
    host::settle(request).map_err(Rejection::BadRequest)?;
    let path = CanonicalPath::parse(request.uri(), gateway.path_rules()).map_err(Rejection::Path)?;
    let name = host::name(host::authority(request.headers()));
    let routes = gateway.routes();
    if let Some(method) = cors::preflight_method(request)
        && let Found::Route(route) = routes.find(name, &method, &path)
        && route.cors.is_some()
    {
        return Ok((path, Arc::clone(route)));
    }
    match routes.find(name, request.method(), &path) {
        Found::Route(route) => Ok((path, Arc::clone(route))),
        Found::OtherMethods(methods) => Err(Rejection::MethodNotAllowed(methods)),
        Found::Nothing => Err(Rejection::NoRoute),
    }
}

/// What the route itself refuses or answers, whoever asks.
fn refused_by_route<B>(routed: &Routed<B>) -> Option<Rejection> {
    let Routed { request, path, route, .. } = routed;
    if path.has_encoded_slash() && !route.encoded_slashes {
        return Some(Rejection::Path(PathError::EncodedSeparator));
    }
    let (cors, method) = (route.cors.as_ref()?, cors::preflight_method(request)?);
    Some(Rejection::Preflight(Box::new(cors.preflight(request.headers(), &method))))
}

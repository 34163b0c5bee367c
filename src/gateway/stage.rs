//! What flows from check to check. Each holds the one before it: none can be had without having passed there.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{Request, Response};

use super::caller::Caller;
use super::current::Held;
use super::request_id::RequestId;
use super::route::Route;
use super::{Connection, Rejection};
use crate::authz::Permit;
use crate::proxy::Body;
use crate::route::CanonicalPath;

/// What is known of a request beside its bytes, from its begin to its end.
#[derive(Clone)]
pub(super) struct Context {
    /// The configuration that the request is judged by, all the way.
    pub(super) gateway: Held,
    /// Where it came from.
    pub(super) connection: Arc<Connection>,
    /// Whether the peer is a proxy that may be believed.
    pub(super) trusted: bool,
    /// The one clock reading: seconds since 1970.
    pub(super) now: i64,
    /// The request's id.
    pub(super) id: RequestId,
}

impl Context {
    pub(super) fn new(
        gateway: Held,
        connection: Arc<Connection>,
        trusted: bool,
        time: SystemTime,
        id: RequestId,
    ) -> Self {
        // A clock before 1970 stands at 0, when no token is valid yet.
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { gateway, connection, trusted, now: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), id }
    }
}

/// A request as it came.
pub struct Arrived<B> {
    /// Boxed once, so that handing it from check to check costs nothing.
    pub(super) request: Box<Request<B>>,
    pub(super) context: Context,
}

/// A request whose route is known.
pub struct Routed<B> {
    pub(super) request: Box<Request<B>>,
    pub(super) context: Context,
    pub(super) path: CanonicalPath,
    pub(super) route: Arc<Route>,
}

/// A request whose caller is known, or need not be.
pub struct Authenticated<B> {
    pub(super) routed: Routed<B>,
    /// `None` only where the route needs no token.
    pub(super) caller: Option<Arc<Caller>>,
    /// Why Keycloak had to be asked for the decision, if it was.
    pub(super) remote_reason: Option<Box<str>>,
}

/// A request that may be forwarded: it holds the [`Permit`] that only [`crate::authz`] makes.
pub struct Permitted<B> {
    pub(super) authenticated: Authenticated<B>,
    pub(super) permit: Permit,
}

/// How far a request came: for the log line.
#[derive(Clone, Default)]
pub(super) struct Trail {
    pub(super) route: Option<Arc<Route>>,
    pub(super) caller: Option<Arc<Caller>>,
    pub(super) permit: Option<Permit>,
    pub(super) remote_reason: Option<Box<str>>,
}

/// A request that was refused, and how far it came.
pub struct Refused {
    /// Why.
    pub rejection: Box<Rejection>,
    pub(super) trail: Trail,
}

/// A forwarded request's answer, and how it came to be.
pub struct Answered {
    /// The upstream's answer.
    pub response: Response<Body>,
    pub(super) trail: Trail,
}

impl<B> Arrived<B> {
    pub(super) fn refuse(&self, rejection: Rejection) -> Refused {
        Refused { rejection: Box::new(rejection), trail: Trail::default() }
    }
}

impl<B> Routed<B> {
    pub(super) fn refuse(self, rejection: Rejection) -> Refused {
        let trail = Trail { route: Some(self.route), ..Trail::default() };
        Refused { rejection: Box::new(rejection), trail }
    }
}

impl<B> Authenticated<B> {
    pub(super) fn refuse(self, rejection: Rejection) -> Refused {
        let Self { routed, caller, remote_reason } = self;
        let trail = Trail { route: Some(routed.route), caller, permit: None, remote_reason };
        Refused { rejection: Box::new(rejection), trail }
    }
}

impl<B> Permitted<B> {
    /// Takes the request out; what the log needs stays behind.
    pub(super) fn split(self) -> (Box<Request<B>>, CanonicalPath, Context, Trail) {
        let Self { authenticated: Authenticated { routed, caller, remote_reason }, permit } = self;
        let Routed { request, context, path, route } = routed;
        let trail = Trail { route: Some(route), caller, permit: Some(permit), remote_reason };
        (request, path, context, trail)
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").field("rejection", &self.rejection).finish_non_exhaustive()
    }
}

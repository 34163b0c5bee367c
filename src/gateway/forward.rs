//! Permitted -> Response: the request as the upstream is to see it, sent, and its answer.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::uri::PathAndQuery;
use http::{HeaderMap, Request, Response, Uri};
use http_body::Body as _;
use tokio::time::{Instant, timeout_at};
use tower::Service;

use super::request_id::X_REQUEST_ID;
use super::route::{Authorization, Destination};
use super::stage::{Answered, Context, Permitted, Trail};
use super::{Refused, Rejection};
use crate::proxy::{Body, Client, headers};
use crate::route::CanonicalPath;

/// About as many fields as are added to a request.
const ADDED: usize = 16;

/// Sends what is permitted to the route's upstream.
///
/// It takes [`Permitted`] requests and no others, and only [`crate::authz`] makes the permit in one: a stack that leaves
/// out the decision does not compile.
///
/// ```
/// use gatecloak::gateway::{Forward, Permitted};
/// fn takes<R>(_: impl tower::Service<R>) {}
/// fn stack(forward: Forward) {
///     takes::<Permitted<gatecloak::proxy::Body>>(forward);
/// }
/// ```
///
/// ```compile_fail
/// use gatecloak::gateway::{Authenticated, Forward};
/// fn takes<R>(_: impl tower::Service<R>) {}
/// fn stack(forward: Forward) {
///     takes::<Authenticated<gatecloak::proxy::Body>>(forward);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Forward {
    client: Arc<Client>,
}

impl Forward {
    /// Sends by this worker's connections.
    pub const fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

impl Service<Permitted<Body>> for Forward {
    type Response = Answered;
    type Error = Refused;
    type Future = BoxFuture<'static, Result<Answered, Refused>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Refused>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, permitted: Permitted<Body>) -> Self::Future {
        let client = Arc::clone(&self.client);
        let (mut request, path, context, trail) = permitted.split();
        // All that needs no waiting is done before there is a future to keep it in.
        let prepared = prepare(&mut request, &path, &context, &trail);
        Box::pin(async move {
            let outcome = match prepared {
                Ok(deadline) => exchange(&client, request, &trail, deadline).await,
                Err(rejection) => Err(rejection),
            };
            match outcome {
                Ok(response) => Ok(Answered { response, trail }),
                Err(rejection) => Err(Refused { rejection: Box::new(rejection), trail }),
            }
        })
    }
}

/// Makes the request what the upstream is to see; tells until when the exchange may last.
fn prepare(
    request: &mut Request<Body>,
    path: &CanonicalPath,
    context: &Context,
    trail: &Trail,
) -> Result<Option<Deadline>, Rejection> {
    let to = &trail.route.as_ref().ok_or(Rejection::Internal)?.destination;
    let deadline =
        to.total_timeout.and_then(|after| Some(Deadline { at: Instant::now().checked_add(after)?, after }));
    rewrite(request, path, context, trail, to, deadline)?;
    Ok(deadline)
}

async fn exchange(
    client: &Client,
    request: Box<Request<Body>>,
    trail: &Trail,
    deadline: Option<Deadline>,
) -> Result<Response<Body>, Rejection> {
    let to = &trail.route.as_ref().ok_or(Rejection::Internal)?.destination;
    let mut sent = pin!(client.send(&to.upstream, request));
    let response = match deadline {
        None => sent.as_mut().await,
        Some(deadline) => {
            timeout_at(deadline.at, sent.as_mut()).await.map_err(|_| Rejection::TotalTimeout)?
        }
    };
    let response = response.map_err(|error| match deadline {
        // Whoever was the slow one: the time is over.
        Some(deadline) if Instant::now() >= deadline.at => Rejection::TotalTimeout,
        _ => Rejection::Forward(error),
    })?;
    Ok(match deadline {
        None => response,
        Some(deadline) => response.map(|body| body.deadline(deadline.at, deadline.after)),
    })
}

/// When the whole exchange must have ended.
#[derive(Clone, Copy)]
struct Deadline {
    at: Instant,
    after: Duration,
}

/// Rewrites the request, part by part, in the order in which nothing of the client's can undo anything of ours.
fn rewrite(
    request: &mut Request<Body>,
    path: &CanonicalPath,
    context: &Context,
    trail: &Trail,
    to: &Destination,
    deadline: Option<Deadline>,
) -> Result<(), Rejection> {
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = bounded(body, to, context, deadline)?;
    *request.uri_mut() = target(path, to)?;
    let fields = request.headers_mut();
    // The client's own: identity headers of any spelling, then what is meant for this hop, also by name of `Connection`.
    context.gateway.identity().remove(fields);
    let upgrade = headers::strip_hop_by_hop(fields);
    // Room for all that follows, at once.
    fields.try_reserve(ADDED).map_err(|_| Rejection::BadRequest("too many header fields"))?;
    // Ours.
    write_forwarded(fields, context);
    if let Some(caller) = &trail.caller {
        for (name, value) in caller.identity(context.gateway.identity()) {
            fields.insert(name, value.clone());
        }
    }
    write_authorization(fields, &to.authorization);
    fields.insert(X_REQUEST_ID, context.id.to_value());
    if let Some(protocol) = upgrade {
        headers::put_upgrade(fields, protocol);
    }
    Ok(())
}

/// The body within the route's bounds, and no identity among its trailers; one that says it is too long is not even begun.
fn bounded(
    body: Body,
    to: &Destination,
    context: &Context,
    deadline: Option<Deadline>,
) -> Result<Body, Rejection> {
    if body.is_end_stream() {
        return Ok(body);
    }
    let idle = context.gateway.body_idle_timeout();
    let body = body.without_trailers(context.gateway.identity().barred());
    let body = match to.body_limit {
        Some(limit) if body.size_hint().lower() > limit => return Err(Rejection::BodyTooLarge(limit)),
        Some(limit) => body.limit(limit),
        None => body,
    };
    let body = if idle.is_zero() { body } else { body.idle_timeout(idle) };
    Ok(match deadline {
        None => body,
        Some(deadline) => body.deadline(deadline.at, deadline.after),
    })
}

/// The canonical path, without the route's prefix; what remains is read again, so that it is canonical too.
fn target(path: &CanonicalPath, to: &Destination) -> Result<Uri, Rejection> {
    let path_and_query: PathAndQuery = match &to.strip_prefix {
        None => path.path_and_query().clone(),
        Some(prefix) => match path.strip_prefix(prefix) {
            Some(rest) => rest.path_and_query().clone(),
            None => return Err(Rejection::NoRoute),
        },
    };
    Ok(Uri::from(path_and_query))
}

fn write_forwarded(fields: &mut HeaderMap, context: &Context) {
    let connection = &context.connection;
    let client =
        headers::Client { peer: connection.address(), trusted: context.trusted, scheme: connection.scheme() };
    headers::write_forwarded(fields, client, &connection.written);
}

fn write_authorization(headers: &mut HeaderMap, choice: &Authorization) {
    match choice {
        Authorization::Strip => drop(headers.remove(AUTHORIZATION)),
        Authorization::Pass => {}
        Authorization::Replace(value) => drop(headers.insert(AUTHORIZATION, value.clone())),
    }
}

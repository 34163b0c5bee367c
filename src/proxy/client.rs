//! Connections to the upstreams, one pool per worker thread.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use http::{Request, Response};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::course::Course;
use super::exchange::{self, Carrier};
use super::pool::Pool;
use super::{Body, ForwardError, Upstream};

/// Sends requests; keeps idle connections. One per worker thread, so its locks are never contended.
///
/// It must be used on the runtime whose connections it is to keep: their sockets and tasks belong to it.
#[derive(Default)]
pub struct Client {
    upstreams: Mutex<HashMap<u64, Arc<Pools>, ahash::RandomState>>,
}

impl Client {
    /// Without connections.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a request, whose URI is a path and query and whose headers are as the upstream is to see them (but for
    /// `Host`, which is set here if the upstream does not preserve it). The caller sets `Host` from the authority of
    /// a request that came over HTTP/2; hop-by-hop fields have been removed.
    ///
    /// What frames the body (`Content-Length`, `Transfer-Encoding`) is written here from the body itself, whatever
    /// the headers say, and `Expect` is removed: the expectation is met by our own 100 when the body is first read.
    /// The answer comes without hop-by-hop fields, ready for the client. It holds the upstream's connection until
    /// its body has ended; dropped before that, like this future dropped before its end, it cancels the exchange.
    ///
    /// An upgrade (`Upgrade` with `Connection: upgrade`, put back by [`super::headers`]) is carried through after the
    /// upstream's 101, and only then.
    ///
    /// A request is sent again only if nothing of it was sent (any method), or if it is of a safe method without a
    /// body and the connection was lost before an answer (as often as the upstream's `retry.attempts` says).
    ///
    /// # Errors
    /// [`ForwardError`], which says whether the request may have reached the upstream.
    pub async fn send(
        &self,
        upstream: &Arc<Upstream>,
        mut request: Box<Request<Body>>,
    ) -> Result<Response<Body>, ForwardError> {
        // The ordinary way, an idle connection of HTTP/1.1, stands here; all others are in a box, so that this future
        // stays small.
        let mut course = Course::begin(upstream, self.pools(upstream), &mut request)?;
        let request = match course.idle_connection() {
            Some(mut connection) => {
                let now = Instant::now();
                course.for_idle(connection.used_at, now, &mut request)?;
                let (limit, upload) = (course.first_byte(), course.upload());
                match exchange::over_http1(&mut connection, request, now, limit, upload).await {
                    Ok(response) => return course.settle(response, Carrier::Http1(connection)),
                    Err(unanswered) => course.again(unanswered)?,
                }
            }
            None => request,
        };
        Box::pin(course.pursue(request)).await
    }

    fn pools(&self, upstream: &Arc<Upstream>) -> Arc<Pools> {
        let mut upstreams = self.upstreams.lock();
        if let Some(pools) = upstreams.get(&upstream.id()) {
            return Arc::clone(pools);
        }
        // The moment to forget those of an earlier configuration.
        upstreams.retain(|_, pools| pools.upstream.strong_count() > 0);
        let pools = Arc::new(Pools::new(upstream));
        upstreams.insert(upstream.id(), Arc::clone(&pools));
        pools
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// The connections of a worker to one upstream.
pub(super) struct Pools {
    upstream: Weak<Upstream>,
    endpoints: Box<[Arc<Pool>]>,
    /// Whose turn it is.
    next: AtomicUsize,
}

impl Pools {
    fn new(upstream: &Arc<Upstream>) -> Self {
        let keep_alive = upstream.timeouts().keep_alive.get();
        let pool = || Pool::new(upstream.idle_connections(), keep_alive);
        let endpoints: Box<[_]> = upstream.endpoints().iter().map(|_| pool()).collect();
        // Workers begin at different endpoints.
        let next = AtomicUsize::new(fastrand::usize(..endpoints.len().max(1)));
        Self { upstream: Arc::downgrade(upstream), endpoints, next }
    }

    /// Whose turn it is to get a request.
    pub(super) fn turn(&self) -> usize {
        if self.endpoints.len() < 2 { 0 } else { self.next.fetch_add(1, Ordering::Relaxed) }
    }

    /// The index of the endpoint at this turn; if it refused a connection a moment ago, of the next one that did not.
    pub(super) fn choose(&self, turn: usize) -> usize {
        let count = self.endpoints.len();
        if count < 2 {
            return 0;
        }
        let healthy = |index: &usize| self.at(*index).is_some_and(|pool| !pool.is_failing());
        (0..count).map(|step| (turn % count + step) % count).find(healthy).unwrap_or(turn % count)
    }

    /// The connections to an endpoint.
    pub(super) fn at(&self, index: usize) -> Option<&Arc<Pool>> {
        self.endpoints.get(index)
    }
}

#[cfg(test)]
mod tests;

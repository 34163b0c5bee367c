//! One worker's way of a request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use arc_swap::ArcSwap;
use futures_util::FutureExt;
use http::{Request, Response};
use tower::Service;

use super::answer::answer;
use super::current::Current;
use super::facts::Facts;
use super::record::{Begun, logged};
use super::request_id::RequestId;
use super::stack::{Stack, stack};
use super::stage::{Answered, Arrived, Context, Refused, Trail};
use super::{Connection, Gateway, Rejection, address};
use crate::proxy::{Body, Client};
use crate::telemetry::{AccessLog, AccessRecord, RouteMetrics, metrics};

/// One worker's pipeline: its own connections to the upstreams, and the current [`Gateway`].
pub struct Pipeline {
    current: Current,
    stack: Stack,
    access_log: Option<AccessLog>,
    /// Counts what never found a route.
    no_route: Arc<RouteMetrics>,
}

impl Pipeline {
    /// `current` is loaded once per request: a request is judged by one configuration from begin to end.
    pub fn new(current: Arc<ArcSwap<Gateway>>, access_log: Option<AccessLog>) -> Self {
        Self {
            current: Current::new(current),
            stack: stack(Arc::new(Client::new())),
            access_log,
            no_route: metrics().route("", ""),
        }
    }

    /// Runs one request. Always answers; a panic inside is a 500 and is counted.
    pub async fn call(&self, connection: &Arc<Connection>, request: Box<Request<Body>>) -> Response<Body> {
        let (started, time) = (Instant::now(), SystemTime::now());
        let gateway = self.current.load();
        let peer = connection.address();
        let trusted = address::is_trusted(gateway.trusted_proxies(), peer);
        let id = RequestId::choose(request.headers(), trusted);
        let visit = Visit {
            pipeline: self,
            started,
            time,
            facts: Facts::note(&request, id.clone()),
            begun: self.access_log.as_ref().map(|_| Begun::note(&request, &gateway, peer)),
            is_over: false,
        };
        let context = Context::new(gateway, Arc::clone(connection), trusted, time, id);
        let outcome = self.run(Arrived { request, context }).await;
        visit.end(outcome)
    }

    /// Runs the layers.
    fn run(&self, arrived: Arrived<Body>) -> impl Future<Output = Result<Answered, Refused>> {
        // Every layer is always ready: none keeps a queue.
        shielded(async move { self.stack.clone().call(arrived).await })
    }
}

/// What panics is refused like anything else, and takes no other request with it.
fn shielded<T>(passed: impl Future<Output = Result<T, Refused>>) -> impl Future<Output = Result<T, Refused>> {
    AssertUnwindSafe(passed).catch_unwind().map(|outcome| {
        outcome.unwrap_or_else(|_| {
            metrics().panicked();
            tracing::error!("a request panicked, and was answered with 500");
            Err(Refused { rejection: Box::new(Rejection::Internal), trail: Trail::default() })
        })
    })
}

/// A request from its begin to the head of its answer. Dropped before that, the client went away: that is counted and
/// logged too.
struct Visit<'a> {
    pipeline: &'a Pipeline,
    started: Instant,
    time: SystemTime,
    facts: Facts,
    /// For the access log, if there is one.
    begun: Option<Begun>,
    is_over: bool,
}

/// The status in metrics and log of a request whose client did not wait for the answer; it is never sent.
const CLIENT_GONE: u16 = 499;

impl Visit<'_> {
    fn end(mut self, outcome: Result<Answered, Refused>) -> Response<Body> {
        self.is_over = true;
        let (response, rejection, trail) = respond(&self.facts, outcome);
        let status = response.status().as_u16();
        let head_after = self.started.elapsed();
        let counters = trail.route.as_ref().map_or(&self.pipeline.no_route, |route| &route.metrics);
        counters.request(status, head_after);
        match (&self.pipeline.access_log, self.begun.take()) {
            (Some(log), Some(begun)) => {
                let known = begun.record(self.time, &self.facts.id, rejection.as_deref(), &trail);
                let record = AccessRecord { status, head_after, ..known };
                let (log, started) = (log.clone(), self.started);
                response.map(|body| logged(body, log, record, started))
            }
            _ => response,
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let after = self.started.elapsed();
        self.pipeline.no_route.request(CLIENT_GONE, after);
        if let (Some(log), Some(begun)) = (&self.pipeline.access_log, self.begun.take()) {
            let known = begun.record(self.time, &self.facts.id, None, &Trail::default());
            let (status, code) = (CLIENT_GONE, "client_gone");
            log.write(AccessRecord {
                status,
                code,
                head_after: after,
                end_after: after,
                aborted: true,
                ..known
            });
        }
    }
}

/// The response to an outcome.
fn respond(
    facts: &Facts,
    outcome: Result<Answered, Refused>,
) -> (Response<Body>, Option<Box<Rejection>>, Trail) {
    match outcome {
        Ok(Answered { mut response, trail }) => {
            if let Some(cors) = trail.route.as_ref().and_then(|route| route.cors.as_ref()) {
                cors.decorate(facts.origin.as_ref(), response.headers_mut());
            }
            (response, None, trail)
        }
        Err(refused) => {
            let response = answer(facts, &refused);
            let response =
                response.map(|bytes| if bytes.is_empty() { Body::empty() } else { Body::full(bytes) });
            (response, Some(refused.rejection), refused.trail)
        }
    }
}

#[cfg(test)]
mod tests;

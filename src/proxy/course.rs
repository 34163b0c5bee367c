//! The course of one request: its attempts, and what is made of the answer.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::Instant;

use super::client::Pools;
use super::error::{Failure, ForwardErrorKind};
use super::exchange::{self, Carrier, Unanswered};
use super::pool::{Http1, Pool};
use super::upgrade::Upgrade;
use super::upload::Upload;
use super::upstream::Endpoint;
use super::{Body, ForwardError, Upstream, connect, message};

/// How often a request that was not sent, because its connection closed at that moment, gets another connection.
const RECONNECTS: usize = 2;

/// A connection that was in use this long ago may have been closed by the upstream for being idle.
const RESTED: Duration = Duration::from_secs(1);

/// Where a request stands.
pub(super) struct Course<'a> {
    upstream: &'a Arc<Upstream>,
    pools: Arc<Pools>,
    /// The index of the endpoint that this attempt goes to.
    index: usize,
    is_head: bool,
    /// Whether only a new connection will do.
    fresh: bool,
    upgrade: Option<Upgrade>,
    upload: Option<Arc<Upload>>,
    /// Whether the request may be sent again after it was lost.
    repeatable: bool,
    /// Present if what is needed for that was kept.
    replay: Option<Replay>,
    attempts_left: u32,
    /// Requests that met a closed connection.
    reconnects: usize,
    /// Endpoints that took no connection.
    refusals: usize,
}

/// What is needed to send a request without a body again.
struct Replay {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl<'a> Course<'a> {
    /// Looks at the request, and prepares what holds for every attempt.
    pub(super) fn begin(
        upstream: &'a Arc<Upstream>,
        pools: Arc<Pools>,
        request: &mut Request<Body>,
    ) -> Result<Self, ForwardError> {
        let refuse = |kind, reason| Failure::unsent(kind, reason).at(upstream.name());
        if request.method() == Method::CONNECT {
            return Err(refuse(ForwardErrorKind::Unsupported, "`CONNECT` is not forwarded"));
        }
        if request.body().exceeds_limit() {
            let reason = "its `Content-Length` is above the limit";
            return Err(refuse(ForwardErrorKind::RequestTooLarge, reason));
        }
        let upgrade = Upgrade::take(request, upstream).map_err(|failure| failure.at(upstream.name()))?;
        message::prepare(request);
        let upload = if request.body().is_end_stream() {
            None
        } else {
            let upload = Arc::new(Upload::default());
            let body = std::mem::take(request.body_mut());
            *request.body_mut() = body.with_upload(Arc::clone(&upload));
            Some(upload)
        };
        let repeatable = upload.is_none()
            && upgrade.is_none()
            && upstream.attempts() > 0
            && message::is_safe(request.method());
        Ok(Self {
            upstream,
            index: pools.choose(pools.turn()),
            pools,
            is_head: request.method() == Method::HEAD,
            // An upgraded connection never comes back: it gets its own.
            fresh: upgrade.is_some(),
            upgrade,
            upload,
            repeatable,
            replay: None,
            attempts_left: upstream.attempts(),
            reconnects: 0,
            refusals: 0,
        })
    }

    /// An idle connection of HTTP/1.1 to the endpoint whose turn it is, if there is one.
    pub(super) fn idle_connection(&self) -> Option<Http1> {
        if self.fresh {
            return None;
        }
        self.pools.at(self.index)?.take_idle()
    }

    /// Keeps what is needed to send the request again, if it may be.
    fn keep(&mut self, request: &Request<Body>) {
        if self.repeatable && self.replay.is_none() {
            self.replay = Some(Replay::of(request));
        }
    }

    /// The request for an idle connection of HTTP/1.1.
    ///
    /// What it takes to send it again is kept only if the connection may have been closed meanwhile: not if that was in
    /// use a moment ago and there is no other endpoint, where a copy for each request of a busy upstream would cost more
    /// than it saves.
    pub(super) fn for_idle(
        &mut self,
        used_at: Instant,
        now: Instant,
        request: &mut Request<Body>,
    ) -> Result<(), ForwardError> {
        let is_busy = now.saturating_duration_since(used_at) < RESTED;
        if self.repeatable && (self.upstream.endpoints().len() > 1 || !is_busy) {
            self.keep(request);
        }
        let (_, endpoint) = self.place().map_err(|failure| self.fail(failure))?;
        message::for_http1(request, self.upstream, endpoint).map_err(|failure| self.fail(failure))
    }

    /// How long the head of an answer is waited for.
    pub(super) fn first_byte(&self) -> Duration {
        self.upstream.timeouts().first_byte.get()
    }

    /// How far the request's body has come, if it has one.
    pub(super) fn upload(&self) -> Option<&Upload> {
        self.upload.as_deref()
    }

    /// The request for the next attempt, if there may be one.
    #[cold]
    pub(super) fn again(&mut self, unanswered: Unanswered) -> Result<Box<Request<Body>>, ForwardError> {
        let Unanswered { failure, request } = unanswered;
        // The other idle connections may be as dead as this one.
        let was_fresh = std::mem::replace(&mut self.fresh, true);
        if let Some(request) = request {
            self.reconnects += 1;
            if was_fresh {
                // Connections that take no request are as good as refused.
                self.pools.at(self.index).inspect(|pool| pool.failed());
                self.index = self.pools.choose(self.index + 1);
            }
            return if self.reconnects > self.most_reconnects() {
                Err(self.fail(failure))
            } else {
                Ok(request)
            };
        }
        match &self.replay {
            Some(replay) if self.attempts_left > 0 && failure.kind == ForwardErrorKind::Lost => {
                self.attempts_left -= 1;
                self.index = self.pools.choose(self.index + 1);
                Ok(Box::new(replay.request()))
            }
            _ => Err(self.fail(failure)),
        }
    }

    /// Attempts until there is an answer, or no further attempt is allowed.
    pub(super) async fn pursue(
        mut self,
        mut request: Box<Request<Body>>,
    ) -> Result<Response<Body>, ForwardError> {
        self.keep(&request);
        loop {
            let (pool, endpoint) = self.place().map_err(|failure| self.fail(failure))?;
            let pooled = if self.fresh { None } else { pool.take() };
            let connection = match pooled {
                Some(connection) => Ok(connection),
                None => connect::open(self.upstream, endpoint, pool, self.upgrade.is_some()).await,
            };
            let connection = match connection {
                Ok(connection) => connection,
                Err(failure) => {
                    pool.failed();
                    // Nothing was sent: every endpoint may be asked once.
                    self.refusals += 1;
                    if self.refusals >= self.upstream.endpoints().len() {
                        return Err(self.fail(failure));
                    }
                    self.index = self.pools.choose(self.index + 1);
                    continue;
                }
            };
            match exchange::run(connection, request, self.upstream, endpoint, self.upload()).await {
                Ok((response, carrier)) => return self.settle(response, carrier),
                Err(unanswered) => request = self.again(unanswered)?,
            }
        }
    }

    /// The answer as the client gets it.
    pub(super) fn settle(
        mut self,
        response: Response<Incoming>,
        mut carrier: Carrier,
    ) -> Result<Response<Body>, ForwardError> {
        let idle = self.upstream.timeouts().idle.get();
        // The request's body goes on, also while the client does not take the answer's.
        if self.upload().is_some_and(|upload| upload.ended_at().is_none()) {
            carrier.detach();
        }
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            carrier.detach();
            let accepted = match self.upgrade.take() {
                Some(upgrade) => upgrade.accept(response, idle),
                None => Err(Failure::sent(ForwardErrorKind::Malformed, "a 101 that was not asked for")),
            };
            return accepted.map_err(|failure| self.fail(failure));
        }
        let (pool, _) = self.place().map_err(|failure| self.fail(failure))?;
        // A peer of HTTP/1.0 would make hyper speak it too, without chunks.
        let ticket = carrier.ticket(pool, response.version() != Version::HTTP_10);
        let (mut parts, incoming) = response.into_parts();
        message::settle(&mut parts, &incoming, self.is_head);
        // Over HTTP/2 an upstream could send content all the same.
        let no_content =
            self.is_head || matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let mut body = if no_content { Body::empty() } else { Body::incoming(incoming) };
        if body.is_end_stream() {
            ticket.give_back();
        } else {
            if !idle.is_zero() {
                body = body.idle_timeout(idle);
            }
            body = body.with_ticket(ticket);
        }
        Ok(Response::from_parts(parts, body))
    }

    /// With several endpoints each may be tried.
    fn most_reconnects(&self) -> usize {
        RECONNECTS.max(self.upstream.endpoints().len())
    }

    /// The endpoint of this attempt, and its connections.
    fn place(&self) -> Result<(&Arc<Pool>, &'a Endpoint), Failure> {
        match (self.pools.at(self.index), self.upstream.endpoints().get(self.index)) {
            (Some(pool), Some(endpoint)) => Ok((pool, endpoint)),
            _ => Err(Failure::unsent(ForwardErrorKind::Connect, "the upstream has no endpoint")),
        }
    }

    fn fail(&self, failure: Failure) -> ForwardError {
        failure.at(self.upstream.name())
    }
}

impl Replay {
    fn of(request: &Request<Body>) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        }
    }

    fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

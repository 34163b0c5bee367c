//! One request over one connection, until the head of the answer.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep};

use super::Body;
use super::error::{Failure, ForwardErrorKind};
use super::message;
use super::pool::{Connection, Http1, Http1Connection, Http2, Pool, Stream, Ticket};
use super::upload::Upload;
use super::upstream::{Endpoint, Upstream};

/// The head of an answer, with its body to come, and what it came over.
pub(super) type Answer = (Response<Incoming>, Carrier);

/// What an answer came over.
pub(super) enum Carrier {
    Http1(Http1),
    Http2(Stream),
}

/// No answer; the request comes back if nothing of it was sent.
pub(super) struct Unanswered {
    pub(super) failure: Failure,
    pub(super) request: Option<Box<Request<Body>>>,
}

impl Carrier {
    /// Lets the exchange go on whoever looks at the answer.
    pub(super) fn detach(&mut self) {
        if let Self::Http1(connection) = self {
            connection.line.detach();
        }
    }

    /// For the body of the answer; `reusable` says whether the connection may take another request afterwards.
    pub(super) fn ticket(self, pool: &Arc<Pool>, reusable: bool) -> Ticket {
        match self {
            Self::Http1(connection) => Ticket::Http1(connection, reusable.then(|| Arc::clone(pool))),
            Self::Http2(stream) => Ticket::Http2(stream),
        }
    }
}

/// Sends the request and waits for the head of the answer.
pub(super) async fn run(
    connection: Connection,
    mut request: Box<Request<Body>>,
    upstream: &Upstream,
    endpoint: &Endpoint,
    upload: Option<&Upload>,
) -> Result<Answer, Unanswered> {
    let unfit = |failure| Unanswered { failure, request: None };
    let limit = upstream.timeouts().first_byte.get();
    match connection {
        Connection::Http1(mut connection) => {
            message::for_http1(&mut request, upstream, endpoint).map_err(unfit)?;
            let response = over_http1(&mut connection, request, Instant::now(), limit, upload).await?;
            Ok((response, Carrier::Http1(connection)))
        }
        Connection::Http2(Http2 { mut sender, stream }) => {
            message::for_http2(&mut request, upstream, endpoint).map_err(unfit)?;
            let mut answer = pin!(sender.try_send_request(*request));
            let mut timer = pin!(tokio::time::sleep_until(Instant::now()));
            let poll = |cx: &mut Context<'_>| answer.as_mut().poll(cx);
            let response = in_time(poll, timer.as_mut(), Instant::now(), limit, upload).await?;
            Ok((response, Carrier::Http2(stream)))
        }
    }
}

/// Sends the request over a connection of HTTP/1.1, whose engine runs meanwhile.
pub(super) async fn over_http1(
    connection: &mut Http1Connection,
    request: Box<Request<Body>>,
    now: Instant,
    limit: Duration,
    upload: Option<&Upload>,
) -> Result<Response<Incoming>, Unanswered> {
    let Http1Connection { sender, line, timer, used_at } = connection;
    *used_at = now;
    // Its waker is nobody's, so the scheduler's budget must not send it to wait.
    let mut answer = pin!(unconstrained(sender.try_send_request(*request)));
    let poll = |cx: &mut Context<'_>| line.run_and_poll(cx, |cx| answer.as_mut().poll(cx));
    in_time(poll, timer.as_mut(), now, limit, upload).await
}

type Sent = Result<Response<Incoming>, TrySendError<Request<Body>>>;

/// Waits for the head of the answer, no longer than `limit` after the request's last byte, or while the upstream does
/// not take the next one; a pause of the client doesn't count. Zero is no limit.
async fn in_time(
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<Sent>,
    timer: Pin<&mut Sleep>,
    now: Instant,
    limit: Duration,
    upload: Option<&Upload>,
) -> Result<Response<Incoming>, Unanswered> {
    let mut first_byte = FirstByte::new(timer, now, limit, upload);
    let outcome = std::future::poll_fn(|cx| match poll(cx) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => first_byte.poll_expired(cx).map(|()| None),
    })
    .await;
    match outcome {
        Some(Ok(response)) => Ok(response),
        Some(Err(error)) => Err(unanswered(error, upload)),
        None => {
            let reason = format!("no head of an answer within {limit:?}");
            Err(Unanswered {
                failure: Failure::sent(ForwardErrorKind::FirstByteTimeout, reason),
                request: None,
            })
        }
    }
}

#[cold]
fn unanswered(mut error: TrySendError<Request<Body>>, upload: Option<&Upload>) -> Unanswered {
    let request = error.take_message().map(Box::new);
    let failure = Failure::of_exchange(error.error(), upload, request.is_some());
    Unanswered { failure, request }
}

/// The wait for the first byte of an answer.
struct FirstByte<'a> {
    /// May be set for an earlier request: it is moved only when it fires, which a busy connection's seldom does.
    timer: Pin<&'a mut Sleep>,
    /// `None` for no bound.
    due: Option<Instant>,
    limit: Duration,
    upload: Option<&'a Upload>,
    /// The parts of the request that had passed when the timer was last set.
    parts: u64,
}

impl<'a> FirstByte<'a> {
    fn new(mut timer: Pin<&'a mut Sleep>, now: Instant, limit: Duration, upload: Option<&'a Upload>) -> Self {
        let due = now.checked_add(limit).filter(|_| !limit.is_zero());
        if let Some(due) = due
            && (timer.is_elapsed() || timer.deadline() > due)
        {
            timer.as_mut().reset(due);
        }
        Self { timer, due, limit, upload, parts: 0 }
    }

    fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(due) = self.due else { return Poll::Pending };
        loop {
            // The connection runs in the same turn of the task: one that never rests would use up the scheduler's budget,
            // and the timer must not be kept from firing by that.
            ready!(pin!(unconstrained(self.timer.as_mut())).poll(cx));
            match self.extension(due) {
                Some(due) => self.timer.as_mut().reset(due),
                None => return Poll::Ready(()),
            }
        }
    }

    /// Until when there is still time: the timer was set for an earlier request, or this one was under way in the meantime.
    fn extension(&mut self, due: Instant) -> Option<Instant> {
        if due > self.timer.deadline() {
            return Some(due);
        }
        let upload = self.upload?;
        if let Some(ended) = upload.ended_at() {
            return ended.checked_add(self.limit).filter(|due| *due > self.timer.deadline());
        }
        let parts = upload.parts();
        if upload.is_waiting() || parts != self.parts {
            self.parts = parts;
            return Instant::now().checked_add(self.limit);
        }
        None
    }
}

#[cfg(test)]
mod tests;

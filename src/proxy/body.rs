//! The one body type, for both directions.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep};

use super::headers::{Spellings, strip_trailers};
use super::pool::Ticket;
use super::upload::{Upload, UploadFailure};

/// A body that streams, with the bounds it was given. No dispatch, and one allocation if there is anything to come.
///
/// Data passes as it came, never copied. No timer exists until a part has to be waited for.
#[derive(Default)]
pub struct Body(Option<Box<Flow>>);

/// What is still to come, and what it must keep to. Boxed: a message is moved about a dozen times on its way.
struct Flow {
    source: Source,
    ended: bool,
    /// Bytes of data that passed.
    passed: u64,
    /// The most that may pass; `u64::MAX` for any number.
    limit: u64,
    idle: Option<Duration>,
    deadline: Option<(Instant, Duration)>,
    /// Since when the next part is waited for.
    waiting_since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// The upstream's connection, given back at the end of an answer.
    ticket: Option<Ticket>,
    /// Where a request's progress is told.
    upload: Option<Arc<Upload>>,
    /// Names that no trailer may have.
    barred: Option<Arc<Spellings>>,
    /// What broke it, told when what came before has had its turn.
    failure: Option<BodyError>,
    on_end: Option<Box<dyn FnOnce(BodyEnd) + Send>>,
}

/// How a body ended, for the access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// Whole.
    Complete {
        /// Bytes of data.
        bytes: u64,
    },
    /// Dropped, or broken off, before its end.
    Aborted {
        /// Bytes of data until then.
        bytes: u64,
    },
}

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Longer than allowed.
    #[error("the body is longer than {0} bytes")]
    TooLarge(u64),
    /// No bytes for too long.
    #[error("no part of the body came within {0:?}")]
    Idle(Duration),
    /// The whole exchange took too long.
    #[error("the exchange took longer than {0:?}")]
    Deadline(Duration),
    /// The connection.
    #[error(transparent)]
    Connection(#[from] hyper::Error),
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Self(None)
    }

    /// These bytes.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() { Self::empty() } else { Self::new(Source::Full(bytes)) }
    }

    /// What comes over a connection.
    pub fn incoming(body: Incoming) -> Self {
        if body.is_end_stream() { Self::empty() } else { Self::new(Source::Incoming(body)) }
    }

    /// Breaks off with [`BodyError::TooLarge`] after `bytes`: before the first one, if the length is known beforehand.
    /// Of several limits the smallest holds.
    #[must_use]
    pub fn limit(self, bytes: u64) -> Self {
        self.with(|flow| flow.limit = flow.limit.min(bytes))
    }

    /// Breaks off with [`BodyError::Idle`] if no part comes for this long. Of several the shortest holds.
    #[must_use]
    pub fn idle_timeout(self, idle: Duration) -> Self {
        self.with(|flow| flow.idle = Some(flow.idle.map_or(idle, |earlier| earlier.min(idle))))
    }

    /// Breaks off with [`BodyError::Deadline`] at this moment, or when it is next asked for a part after it. Of several the
    /// earliest holds.
    #[must_use]
    pub fn deadline(self, at: Instant, after: Duration) -> Self {
        self.with(|flow| {
            if flow.deadline.is_none_or(|(earlier, _)| at < earlier) {
                flow.deadline = Some((at, after));
            }
        })
    }

    /// Calls back once, when the body has ended or is dropped. A second callback replaces the first.
    #[must_use]
    pub fn on_end(self, callback: Box<dyn FnOnce(BodyEnd) + Send>) -> Self {
        let mut flow = self.0.unwrap_or_else(|| Box::new(Flow::new(Source::Empty)));
        flow.on_end = Some(callback);
        Self(Some(flow))
    }

    /// Removes trailers of these names. Those that RFC 9110 section 6.5.1 does not allow are always removed.
    #[must_use]
    pub fn without_trailers(self, names: Arc<Spellings>) -> Self {
        self.with(|flow| flow.barred = Some(names))
    }

    /// Whether the length is known and above the limit.
    pub fn exceeds_limit(&self) -> bool {
        self.0.as_ref().is_some_and(|flow| flow.exceeds_limit())
    }

    /// Gives the upstream's connection back when the body has been read to its end, and drops it otherwise.
    pub(super) fn with_ticket(self, ticket: Ticket) -> Self {
        self.with(|flow| flow.ticket = Some(ticket))
    }

    /// Tells its progress.
    pub(super) fn with_upload(self, upload: Arc<Upload>) -> Self {
        self.with(|flow| flow.upload = Some(upload))
    }

    fn new(source: Source) -> Self {
        Self(Some(Box::new(Flow::new(source))))
    }

    /// Changes what is still to come, if anything is.
    fn with(mut self, change: impl FnOnce(&mut Flow)) -> Self {
        if let Some(flow) = &mut self.0 {
            change(flow);
        }
        self
    }
}

impl Flow {
    fn new(source: Source) -> Self {
        Self {
            source,
            ended: false,
            passed: 0,
            limit: u64::MAX,
            idle: None,
            deadline: None,
            waiting_since: None,
            sleep: None,
            ticket: None,
            upload: None,
            barred: None,
            failure: None,
            on_end: None,
        }
    }

    fn exceeds_limit(&self) -> bool {
        self.source.size_hint().lower() > self.limit.saturating_sub(self.passed)
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.source.is_end_stream()
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if self.exceeds_limit() {
            return self.fail(BodyError::TooLarge(self.limit));
        }
        if let Some(error) = self.failure.take() {
            return self.fail(error);
        }
        let source = &mut self.source;
        let polled = match &mut self.ticket {
            Some(ticket) => ticket.poll_or_run(cx, |cx| source.poll_frame(cx)),
            None => source.poll_frame(cx),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) => match self.pass(frame) {
                Ok(frame) => Poll::Ready(Some(Ok(frame))),
                Err(error) => self.fail(error),
            },
            Poll::Ready(Some(Err(error))) => {
                // hyper would break off at once, without writing the head or the parts that it has: the other side shall see
                // that there was an answer, and only half of it.
                self.failure = Some(error.into());
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Ready(None) => {
                self.finish(true);
                Poll::Ready(None)
            }
            Poll::Pending => {
                let error = ready!(self.poll_bounds(cx));
                self.fail(error)
            }
        }
    }

    /// What happens to a frame on its way.
    fn pass(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, BodyError> {
        self.waiting_since = None;
        if let Some(data) = frame.data_ref() {
            self.passed = self.passed.saturating_add(data.len() as u64);
            if self.passed > self.limit {
                return Err(BodyError::TooLarge(self.limit));
            }
            if let Some(upload) = &self.upload {
                upload.moved();
            }
        }
        let frame = match frame.into_trailers() {
            Ok(mut trailers) => {
                strip_trailers(&mut trailers);
                if let Some(barred) = &self.barred {
                    barred.remove(&mut trailers);
                }
                self.finish(true);
                return Ok(Frame::trailers(trailers));
            }
            Err(frame) => frame,
        };
        // hyper's server drops a body whose end it knows without asking for `None`: the end must be seen here.
        if self.source.is_end_stream() {
            self.finish(true);
        } else if let Some((at, after)) = self.deadline
            && Instant::now() >= at
        {
            return Err(BodyError::Deadline(after));
        }
        Ok(frame)
    }

    /// Waits for the next part no longer than allowed.
    fn poll_bounds(&mut self, cx: &mut Context<'_>) -> Poll<BodyError> {
        if let Some(upload) = &self.upload {
            upload.waits();
        }
        if self.idle.is_none() && self.deadline.is_none() {
            return Poll::Pending;
        }
        let since = *self.waiting_since.get_or_insert_with(Instant::now);
        let idle = self.idle.and_then(|idle| Some((since.checked_add(idle)?, BodyError::Idle(idle))));
        let deadline = self.deadline.map(|(at, after)| (at, BodyError::Deadline(after)));
        let (due, error) = match (idle, deadline) {
            (Some(idle), Some(deadline)) if idle.0 < deadline.0 => idle,
            (_, Some(deadline)) => deadline,
            (Some(idle), None) => idle,
            (None, None) => return Poll::Pending,
        };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        loop {
            // Whatever is left of the scheduler's budget: the source may have used it up.
            ready!(pin!(unconstrained(sleep.as_mut())).poll(cx));
            if sleep.deadline() >= due {
                return Poll::Ready(error);
            }
            // Armed for an earlier wait: moving the timer only when it fires spares a frame the cost.
            sleep.as_mut().reset(due);
        }
    }

    fn finish(&mut self, complete: bool) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.sleep = None;
        match self.ticket.take() {
            Some(ticket) if complete => ticket.give_back(),
            _ => {}
        }
        if let Some(upload) = self.upload.take() {
            upload.ended();
        }
        if let Some(callback) = self.on_end.take() {
            let bytes = self.passed;
            callback(if complete { BodyEnd::Complete { bytes } } else { BodyEnd::Aborted { bytes } });
        }
    }

    fn fail(&mut self, error: BodyError) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(upload) = &self.upload {
            upload.failed(UploadFailure::of(&error));
        }
        self.finish(false);
        // What is behind the break is not to be read: the connection it comes from closes.
        self.source = Source::Empty;
        Poll::Ready(Some(Err(error)))
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        let complete = self.source.is_end_stream();
        self.finish(complete);
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.0 {
            Some(flow) => flow.poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(|flow| flow.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Some(flow) if !flow.ended => flow.source.size_hint(),
            _ => SizeHint::with_exact(0),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("passed", &self.0.as_ref().map_or(0, |flow| flow.passed))
            .field("ended", &self.0.as_ref().is_none_or(|flow| flow.ended))
            .finish_non_exhaustive()
    }
}

/// Where the bytes come from.
enum Source {
    Empty,
    Full(Bytes),
    Incoming(Incoming),
}

impl Source {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self {
            Self::Empty => Poll::Ready(None),
            Self::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                *self = Self::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::Incoming(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Full(_) => false,
            Self::Incoming(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Incoming(body) => body.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests;

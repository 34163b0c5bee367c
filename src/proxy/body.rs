//! The one body type, for both directions.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

use super::headers::{Spellings, strip_trailers};
use super::pool::Ticket;
use super::upload::{Upload, UploadFailure};

/// A body that streams, with the bounds it was given. No boxing on the way of an ordinary request.
///
/// Data passes as it came, never copied. No timer exists until a part has to be waited for.
pub struct Body {
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
        Self::new(Source::Empty)
    }

    /// These bytes.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() { Self::empty() } else { Self::new(Source::Full(bytes)) }
    }

    /// What comes over a connection.
    pub fn incoming(body: Incoming) -> Self {
        Self::new(Source::Incoming(body))
    }

    /// Breaks off with [`BodyError::TooLarge`] after `bytes`: before the first one, if the length is known beforehand.
    /// Of several limits the smallest holds.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = self.limit.min(bytes);
        self
    }

    /// Breaks off with [`BodyError::Idle`] if no part comes for this long. Of several the shortest holds.
    #[must_use]
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle = Some(self.idle.map_or(idle, |earlier| earlier.min(idle)));
        self
    }

    /// Breaks off with [`BodyError::Deadline`] at this moment, or when it is next asked for a part after it. Of several the
    /// earliest holds.
    #[must_use]
    pub fn deadline(mut self, at: Instant, after: Duration) -> Self {
        if self.deadline.is_none_or(|(earlier, _)| at < earlier) {
            self.deadline = Some((at, after));
        }
        self
    }

    /// Calls back once, when the body has ended or is dropped. A second callback replaces the first.
    #[must_use]
    pub fn on_end(mut self, callback: Box<dyn FnOnce(BodyEnd) + Send>) -> Self {
        self.on_end = Some(callback);
        self
    }

    /// Removes trailers of these names. Those that RFC 9110 section 6.5.1 does not allow are always removed.
    #[must_use]
    pub fn without_trailers(mut self, names: Arc<Spellings>) -> Self {
        self.barred = Some(names);
        self
    }

    /// Whether the length is known and above the limit.
    pub fn exceeds_limit(&self) -> bool {
        self.source.size_hint().lower() > self.limit.saturating_sub(self.passed)
    }

    /// Gives the upstream's connection back when the body has been read to its end, and drops it otherwise.
    pub(super) fn with_ticket(mut self, ticket: Ticket) -> Self {
        self.ticket = Some(ticket);
        self
    }

    /// Tells its progress.
    pub(super) fn with_upload(mut self, upload: Arc<Upload>) -> Self {
        self.upload = Some(upload);
        self
    }

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
            on_end: None,
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
            ready!(sleep.as_mut().poll(cx));
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

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        if this.exceeds_limit() {
            return this.fail(BodyError::TooLarge(this.limit));
        }
        match this.source.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => match this.pass(frame) {
                Ok(frame) => Poll::Ready(Some(Ok(frame))),
                Err(error) => this.fail(error),
            },
            Poll::Ready(Some(Err(error))) => this.fail(error.into()),
            Poll::Ready(None) => {
                this.finish(true);
                Poll::Ready(None)
            }
            Poll::Pending => {
                let error = ready!(this.poll_bounds(cx));
                this.fail(error)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.source.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.ended { SizeHint::with_exact(0) } else { self.source.size_hint() }
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        let complete = self.source.is_end_stream();
        self.finish(complete);
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("passed", &self.passed)
            .field("ended", &self.ended)
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

//! The one body type, for both directions.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use hyper::body::Incoming;

/// A body that streams, with the bounds it was given. No boxing on the way of an ordinary request.
pub struct Body {
    _doors_only: (),
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

#[expect(unused_variables, reason = "door")]
impl Body {
    /// No body.
    pub fn empty() -> Self {
        todo!()
    }

    /// These bytes.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        todo!()
    }

    /// What comes over a connection.
    pub fn incoming(body: Incoming) -> Self {
        todo!()
    }

    /// Breaks off with [`BodyError::TooLarge`] after `bytes`.
    #[must_use]
    pub fn limit(self, bytes: u64) -> Self {
        todo!()
    }

    /// Breaks off with [`BodyError::Idle`] if no part comes for this long.
    #[must_use]
    pub fn idle_timeout(self, idle: Duration) -> Self {
        todo!()
    }

    /// Breaks off with [`BodyError::Deadline`] at this moment.
    #[must_use]
    pub fn deadline(self, at: tokio::time::Instant, after: Duration) -> Self {
        todo!()
    }

    /// Calls back once, when the body has ended or is dropped.
    #[must_use]
    pub fn on_end(self, callback: Box<dyn FnOnce(BodyEnd) + Send>) -> Self {
        todo!()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        todo!()
    }
}

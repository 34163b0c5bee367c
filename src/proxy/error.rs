//! Why a request could not be forwarded: where it came from, and whether it may be sent again.

use std::error::Error;
use std::fmt::Write as _;

use super::BodyError;
use super::upload::{Upload, UploadFailure};

/// A request that got no answer from its upstream.
#[derive(Debug, thiserror::Error)]
#[error("upstream `{upstream}`: {kind}: {reason}")]
pub struct ForwardError {
    /// The upstream's name.
    pub upstream: String,
    /// What happened.
    pub kind: ForwardErrorKind,
    /// The cause, for the log.
    pub reason: String,
    /// Whether nothing of the request can have been processed, so that any request may be sent again.
    pub unsent: bool,
}

/// What happened to a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardErrorKind {
    /// No connection: refused, unreachable, TLS.
    #[error("no connection")]
    Connect,
    /// The connection broke before the head of an answer.
    #[error("connection lost")]
    Lost,
    /// What came is not HTTP.
    #[error("malformed answer")]
    Malformed,
    /// No connection in time.
    #[error("connect timeout")]
    ConnectTimeout,
    /// No head of an answer in time.
    #[error("no answer in time")]
    FirstByteTimeout,
    /// The client's body broke off.
    #[error("request body")]
    RequestBody,
    /// The client's body was too slow.
    #[error("request body timeout")]
    RequestTimeout,
    /// The client's body was longer than its limit.
    #[error("request body too long")]
    RequestTooLarge,
    /// A tunnel (`CONNECT`), or an upgrade that this upstream's protocol does not have.
    #[error("not supported")]
    Unsupported,
}

impl ForwardErrorKind {
    /// The stable code: in answers, logs and metric labels.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connect => "upstream_unreachable",
            Self::Lost => "upstream_connection_lost",
            Self::Malformed => "upstream_malformed",
            Self::ConnectTimeout => "upstream_connect_timeout",
            Self::FirstByteTimeout => "upstream_timeout",
            Self::RequestBody => "request_body_failed",
            Self::RequestTimeout => "request_body_timeout",
            Self::RequestTooLarge => "request_body_too_large",
            Self::Unsupported => "upgrade_unsupported",
        }
    }
}

/// What went wrong with one attempt; [`Failure::at`] makes the answer of it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: ForwardErrorKind,
    pub(super) reason: String,
    pub(super) unsent: bool,
}

impl Failure {
    /// Before anything was sent.
    #[cold]
    pub(super) fn unsent(kind: ForwardErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), unsent: true }
    }

    /// After something may have been sent.
    #[cold]
    pub(super) fn sent(kind: ForwardErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), unsent: false }
    }

    /// What hyper's error means, on whose side the fault was.
    #[cold]
    pub(super) fn of_exchange(error: &hyper::Error, upload: Option<&Upload>, unsent: bool) -> Self {
        let from_body = source::<BodyError>(error).map(UploadFailure::of);
        let kind = match from_body.or_else(|| upload.and_then(Upload::failure)) {
            Some(UploadFailure::TooLarge) => ForwardErrorKind::RequestTooLarge,
            Some(UploadFailure::Slow) => ForwardErrorKind::RequestTimeout,
            Some(UploadFailure::Broken) => ForwardErrorKind::RequestBody,
            // The body was shorter than its `Content-Length`.
            None if error.is_body_write_aborted() => ForwardErrorKind::RequestBody,
            None if error.is_parse() => ForwardErrorKind::Malformed,
            None => ForwardErrorKind::Lost,
        };
        Self { kind, reason: chain(error), unsent }
    }

    /// The error, with the upstream's name.
    pub(super) fn at(self, upstream: &str) -> ForwardError {
        ForwardError {
            upstream: upstream.to_owned(),
            kind: self.kind,
            reason: self.reason,
            unsent: self.unsent,
        }
    }
}

/// The error's text and its causes'.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

fn source<E: Error + 'static>(error: &dyn Error) -> Option<&E> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

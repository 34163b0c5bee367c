//! Why a request could not be forwarded: where it came from, and whether it may be sent again.

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
    /// The client's body broke off or was too long.
    #[error("request body")]
    RequestBody,
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
        }
    }
}

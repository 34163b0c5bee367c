//! Every way in which the gateway itself answers a request.

use std::fmt;

use super::cors::Preflight;
use crate::authz::Refusal;
use crate::proxy::ForwardError;
use crate::route::PathError;
use crate::token::TokenError;

/// A request that is not forwarded, or got no answer: what the checks give back in place of the next stage. `answer`
/// makes the response of it.
pub enum Rejection {
    /// The request's head is not as it must be (400): several `Host` fields, a bad authority...
    BadRequest(&'static str),
    /// The path can be read in two ways (400).
    Path(PathError),
    /// No route (404).
    NoRoute,
    /// A method that no gateway passes on: `CONNECT`, `TRACE` (405).
    MethodRefused,
    /// The route has other methods (405), these.
    MethodNotAllowed(Vec<http::Method>),
    /// A CORS preflight, answered here (204, or 403).
    Preflight(Box<Preflight>),
    /// Not authenticated (401, 400, 503).
    Token(TokenError),
    /// Not authorized (403, 503; 401 if Keycloak does not take the token any more).
    Refused(Refusal),
    /// A permission is missing, and here is a ticket to ask for it with (401, UMA 2.0 Grant section 3.2.1).
    Ticket {
        /// What is missing.
        refusal: Refusal,
        /// Keycloak's ticket.
        ticket: String,
    },
    /// A permission is missing, and the realm gave no ticket (403 with a `Warning`, UMA 2.0 Grant section 3.2.2).
    TicketUnavailable {
        /// What is missing.
        refusal: Refusal,
        /// Why there is no ticket, for the log.
        reason: String,
    },
    /// The request's body is larger than the route allows (413).
    BodyTooLarge(u64),
    /// Not forwarded (502, 504, 408...).
    Forward(ForwardError),
    /// The route's `total_timeout` passed before the upstream answered (504).
    TotalTimeout,
    /// A fault of the gateway's own (500).
    Internal,
}

impl Rejection {
    /// The stable code: in answers, logs and metric labels.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Path(error) => error.code(),
            Self::NoRoute => "no_route",
            Self::MethodRefused | Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::Preflight(preflight) => preflight.code(),
            Self::Token(error) => error.code(),
            Self::Refused(refusal)
            | Self::Ticket { refusal, .. }
            | Self::TicketUnavailable { refusal, .. } => refusal.code.name(),
            Self::BodyTooLarge(_) => "request_body_too_large",
            Self::Forward(error) => error.kind.code(),
            Self::TotalTimeout => "total_timeout",
            Self::Internal => "internal_error",
        }
    }

    /// What was decided, if that is why.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal)
            | Self::Ticket { refusal, .. }
            | Self::TicketUnavailable { refusal, .. } => Some(refusal),
            _ => None,
        }
    }

    /// The text for the operator's log; never a token or a part of one.
    pub fn reason(&self) -> String {
        match self {
            Self::BadRequest(what) => (*what).to_owned(),
            Self::Path(error) => error.to_string(),
            Self::NoRoute => "no route matches".to_owned(),
            Self::MethodRefused => "the method is never passed on".to_owned(),
            Self::MethodNotAllowed(_) => "the route has other methods".to_owned(),
            Self::Preflight(preflight) => preflight.reason().to_owned(),
            Self::Token(error) => error.to_string(),
            Self::Refused(refusal) | Self::Ticket { refusal, .. } => refusal.detail.clone(),
            Self::TicketUnavailable { refusal, reason } => format!("{}; no ticket: {reason}", refusal.detail),
            Self::BodyTooLarge(limit) => format!("the body is longer than {limit} bytes"),
            Self::Forward(error) => error.to_string(),
            Self::TotalTimeout => "the upstream did not answer within `total_timeout`".to_owned(),
            Self::Internal => "a fault of the gateway".to_owned(),
        }
    }
}

/// Without the ticket.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection").field("code", &self.code()).field("reason", &self.reason()).finish()
    }
}

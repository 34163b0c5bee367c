//! Every way in which the gateway itself refuses a request.

use crate::authz::Refusal;
use crate::proxy::ForwardError;
use crate::route::PathError;
use crate::token::TokenError;

/// A refused request: what [`super`]'s checks give back in place of the next stage. `answer` makes the response of it.
#[derive(Debug)]
pub enum Rejection {
    /// The request's head is not as it must be (400): several `Host` fields, a bad authority...
    BadRequest(&'static str),
    /// The path can be read in two ways (400).
    Path(PathError),
    /// No route (404).
    NoRoute,
    /// The route has other methods (405), these.
    MethodNotAllowed(Vec<http::Method>),
    /// Not authenticated (401, 400, 503).
    Token(TokenError),
    /// Not authorized (403, 401 with a ticket, 503).
    Refused(Refusal),
    /// The request's body is larger than the route allows (413).
    BodyTooLarge(u64),
    /// Not forwarded (502, 504, 408...).
    Forward(ForwardError),
}

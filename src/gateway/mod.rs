//! The pipeline: authenticate -> authorize -> forward.
//!
//! ```text
//! Answer        rejection -> response (outermost)
//! Route         Request       -> Routed           CanonicalPath, RouteTable            (404, 400, 405)
//! Authenticate  Routed        -> Authenticated    credential -> memo, cache, signature (401)
//! Authorize     Authenticated -> Permitted        requirement -> decision              (403, UMA ticket)
//! Forward       Permitted     -> Response         identity headers, upstream, stream   (502, 503, 504)
//! ```
//!
//! [`Gateway`] is a compiled configuration; a [`Pipeline`] (one per worker) runs requests through it.

mod compile;
mod connection;
mod pipeline;
mod rejection;

pub use compile::Gateway;
pub use connection::Connection;
pub use pipeline::Pipeline;
pub use rejection::Rejection;

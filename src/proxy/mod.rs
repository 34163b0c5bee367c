//! Moving bytes; knows nothing of identity.
//!
//! A [`Client`] (one per worker thread) keeps the connections to the [`Upstream`]s and sends requests over them.
//! [`headers`] has the rules of RFC 9110 for what a proxy may pass on.

mod body;
mod client;
mod connect;
mod course;
mod error;
mod exchange;
mod gathered;
pub mod headers;
mod line;
mod message;
mod pool;
mod socket;
mod tls;
mod upgrade;
mod upload;
mod upstream;

pub use body::{Body, BodyEnd, BodyError};
pub use client::Client;
pub use error::{ForwardError, ForwardErrorKind};
pub(crate) use gathered::{Gathered, PORTION};
pub(crate) use socket::Socket;
pub use upstream::Upstream;

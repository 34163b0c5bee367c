//! The pipeline: authenticate -> authorize -> forward.
//!
//! ```text
//! Answer        rejection -> response (outermost)
//! FindRoute     Arrived       -> Routed           host, CanonicalPath, RouteTable      (404, 400, 405, preflight)
//! Authenticate  Routed        -> Authenticated    credential -> memo, cache, signature (401)
//! Authorize     Authenticated -> Permitted        requirement -> decision              (403, UMA ticket)
//! Forward       Permitted     -> Answered         identity headers, upstream, stream   (502, 503, 504)
//! ```
//!
//! [`Gateway`] is a compiled configuration; a [`Pipeline`] (one per worker) runs requests through it. Each step is a
//! [`Check`]; the type that it yields is the proof that it ran. [`Guard`] has the same checks for an application of
//! one's own.

mod address;
mod answer;
mod authenticate;
mod authorize;
mod caller;
mod challenge;
mod compile;
mod connection;
mod cors;
mod current;
mod embed;
mod enforcer;
mod explain;
mod facts;
mod find_route;
mod forward;
mod gate;
mod grpc;
mod host;
mod identity;
mod judge;
mod pipeline;
mod pushed;
mod realm;
mod record;
mod rejection;
mod remembered;
mod request_id;
mod route;
mod route_compiler;
mod stack;
mod stage;
mod warnings;

pub use authenticate::Authenticate;
pub use authorize::Authorize;
pub use compile::Gateway;
pub use connection::Connection;
pub use cors::Preflight;
pub use embed::{Guard, GuardLayer, Guarded};
pub use explain::{ExplainedRoute, Explanation, NamedCaller, Probe, ProbeAnswer, ProbeCaller, SurfaceRow};
pub use find_route::FindRoute;
pub use forward::Forward;
pub use gate::{Check, Checked, Gate, GateFuture, GateLayer};
pub use judge::Judged;
pub use pipeline::Pipeline;
pub use rejection::Rejection;
pub use stage::{Answered, Arrived, Authenticated, Permitted, Refused, Routed};

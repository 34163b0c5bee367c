//! Sockets and life cycle: start, ready, reload, drain, stop.
//!
//! ```text
//! start ── control thread (calls to realms, reload, ops listener)
//!   │
//!   └───── worker-0, worker-1, ...   each: its own listening socket (SO_REUSEPORT), runtime and pipeline
//!            accept -> TLS -> HTTP/1.1 or HTTP/2 -> gateway::Pipeline
//! ```
//!
//! A connection stays on the worker that accepted it. [`Running`] is the whole of it.

mod activities;
mod activity;
mod handler;
mod limits;
mod listener;
mod ops;
mod protocol;
mod reload;
mod run;
mod site;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod watch;
mod worker;

pub use reload::ReloadSource;
pub use run::{Running, start, start_from};

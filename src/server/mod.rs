//! Sockets and life cycle: start, ready, reload, drain, stop.

mod run;

pub use run::{Running, start};

//! One call a line: what scripts ask, as JSON in and JSON out.

mod decisions;

pub use decisions::{DecisionError, Decisions, decide, load_authorization, match_path};

//! What a caller reads when the gateway itself answers.

mod cross_origin;
mod heads;
mod problem;
mod refusals;
mod unavailable;

pub(crate) use problem::{id_of, line_of};

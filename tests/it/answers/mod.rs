//! What a caller reads when the gateway itself answers.

mod cross_origin;
mod heads;
mod problem;
mod refusals;
mod unavailable;

//! The scriptable API: one JSON request a line, one JSON answer a line.

mod admin;
mod args;
mod failure;

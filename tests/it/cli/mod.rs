//! Commands as a person or a script calls them, as processes of their own.

mod admin;
mod agreement;
mod api;
mod call;
mod diff;
mod driver;
mod explain;
mod matrix;

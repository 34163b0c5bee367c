//! Commands as a person or a script calls them, as processes of their own.

mod api;
mod driver;

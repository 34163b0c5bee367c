//! OpenID Connect and UMA for programs, against the real server; a realm per test.

mod access;
mod browser;
mod code_flow;
mod decoding;
mod device;
mod discovery;
mod introspection;
mod proofs;
mod protection;
mod registration;
mod scene;
mod scripted;
mod sessions;
mod tokens;

use browser::Browser;
use scene::{REDIRECT, Scene, class, text};

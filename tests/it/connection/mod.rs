//! The connection to a server: how it is reached, what is repeated, who is logged in, and what an error says.

mod addresses;
mod bounds;
mod errors;
mod forwarder;
mod login;
mod names;
mod parallel;
mod proxies;
mod retries;
mod stub;
mod tls;

use gatecloak::connection::{CallError, Connection, ConnectionSettings, Method, Request, Response};

use forwarder::Forwarder;
use stub::{Reply, Stub};

/// Runs a future to its end.
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn open(settings: ConnectionSettings) -> Connection {
    Connection::open(settings).expect("a connection")
}

fn get(connection: &Connection, path: &str) -> Result<Response, CallError> {
    run(connection.send(&Request::new(Method::Get, path)))
}

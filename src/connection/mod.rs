//! A connection to a Keycloak server for programs that manage it: transport, errors, and a login that renews itself.
//!
//! The gateway's own calls to its realm are in [`crate::oidc`], bounded for the way of a request. Here timeouts, proxies,
//! trust and retries are the caller's choice, any path may be called, and an error keeps what the server said.

mod address;
mod error;
mod login;
pub(crate) mod outbound;
mod private_key;
mod request;
mod response;
mod session;
mod settings;
mod transport;

pub use address::encode_segment;
pub use error::{CallError, ErrorClass};
pub use login::{ClientProof, Login, LoginGrant};
pub use private_key::PrivateKey;
pub use request::{Body, Method, Query, Request};
pub use response::Response;
pub use session::Session;
pub use settings::{ClientCertificate, ConnectionSettings, Verify};
pub use transport::Connection;

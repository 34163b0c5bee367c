//! An OpenID Connect client for one realm; knows HTTP, not our gateway.
//!
//! Every call goes to the realm's internal URL if there is one, with a bound on time, on bytes and on the number of calls
//! under way; redirects are not followed; nothing secret is in an error.

mod answer;
mod client;
mod client_auth;
mod discovery;
mod error;
#[cfg(test)]
pub(crate) mod fake_realm;
mod grant;
mod http;
mod introspection;
mod location;
mod permission;
mod protection;
mod remembered;
mod uma;

pub use client::OidcClient;
pub(crate) use client_auth::read_secret;
pub use error::OidcError;
pub use introspection::Introspected;
pub use permission::GrantedPermission;
pub use protection::TicketRequest;
pub use uma::{PermissionAnswer, PermissionRequest};

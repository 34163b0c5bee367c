//! An OpenID Connect client for one realm; knows HTTP, not our gateway.
//!
//! Every call goes to the realm's internal URL if there is one, with a bound on time, on bytes and on the number of calls
//! under way; redirects are not followed; nothing secret is in an error.

mod client;
mod error;
mod permission;

pub use client::{Introspected, OidcClient, PermissionAnswer, PermissionRequest, TicketRequest};
pub use error::OidcError;
pub use permission::GrantedPermission;

//! OpenID Connect clients for one realm; they know HTTP, not our gateway.
//!
//! [`OidcClient`] is for the gateway: built from its configuration, with the few calls that stand on the way of a request.
//! Every call goes to the realm's internal URL if there is one, with a bound on time, on bytes and on the number of calls
//! under way; redirects are not followed; nothing secret is in an error.
//!
//! [`RealmClient`] is for programs: all grants and everything else, over a [`crate::connection::Connection`] of their
//! choice, with errors that keep what the server said. [`authorization`] has its questions about permissions.

mod admin_events;
mod answer;
pub mod authorization;
mod authorization_export;
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
mod realm_client;
mod remembered;
mod uma;

pub use admin_events::{AdminEvent, AdminEvents};
pub use authorization_export::{AuthorizationExport, ExportedOwner, ExportedResource};
pub use client::OidcClient;
pub use error::OidcError;
pub use introspection::Introspected;
pub(crate) use location::{realm_name, split_realm};
pub use permission::GrantedPermission;
pub use protection::TicketRequest;
pub use realm_client::{AuthorizationUrl, ChallengeMethod, DevicePoll, Pkce, RealmClient, TokenRequest};
pub use uma::{PermissionAnswer, PermissionRequest};

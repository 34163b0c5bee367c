//! What a proxy may pass on: hop-by-hop fields (RFC 9110 section 7.6), `Forwarded` (RFC 7239), `X-Forwarded-*`.
//!
//! The order for a request: [`strip_hop_by_hop`] first, so that `Connection` can name only what the client sent; then
//! [`write_forwarded`], which removes every `X-Forwarded-*`; then what the gateway sets itself. `Via` is not added: it
//! would tell what stands in the way, and loops show in `X-Forwarded-For` too.

mod forwarded;
mod hop;
mod spellings;

pub use forwarded::{Client, Written, write_forwarded};
pub(super) use hop::{is_upgrade, may_upgrade_to, names, strip_trailers};
pub use hop::{put_upgrade, strip_hop_by_hop, strip_response_hop_by_hop};
pub use spellings::Spellings;

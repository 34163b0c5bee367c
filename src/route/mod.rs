//! Which rule guards this request? Knows nothing of identity.
//!
//! A request's path is read once into a [`CanonicalPath`]; the same bytes are matched, decided on and forwarded. A
//! [`RouteTable`] finds the one route in charge; its precedence is one `Ord`, whatever the order of the file.

mod error;
mod host;
mod keycloak;
mod path;
mod pattern;
mod precedence;
mod table;
mod tree;

pub use error::PathError;
pub use host::HostPattern;
pub use keycloak::{Covered, EnforcerMatcher, Instance, InvalidPattern, OrderMatters, PathMatcher};
pub use path::{CanonicalPath, PathRules};
pub use pattern::Pattern;
pub use table::{Found, RouteKey, RouteTable};

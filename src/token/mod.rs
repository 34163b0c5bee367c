//! Is this token good, and who is it?
//!
//! [`bearer`] finds the one credential of a request. [`Provider`] is a realm whose tokens are accepted: it verifies a
//! JWT with the realm's cached keys ([`Provider::verify`]), or asks the realm ([`Provider::introspect`]). Both yield a
//! [`VerifiedToken`] with its [`Principal`].

mod bearer;
mod cache;
mod error;
mod principal;
mod provider;

pub use bearer::bearer;
pub use cache::TokenCache;
pub use error::TokenError;
pub use principal::Principal;
pub use provider::{Provider, Providers, TokenSource, UnverifiedToken, VerifiedToken};

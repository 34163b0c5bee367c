//! Is this token good, and who is it?
//!
//! [`bearer`] finds the one credential of a request. [`UnverifiedToken`] splits it, which tells the issuer and proves
//! nothing. [`Provider`] is a realm whose tokens are accepted: it verifies a JWT with the realm's cached keys
//! ([`Provider::verify`]), or asks the realm ([`Provider::introspect`]). Both yield a [`VerifiedToken`] with its
//! [`Principal`]. Programs with rules of their own have [`DecodeRules`].

mod bearer;
mod cache;
mod claims;
mod decode;
mod error;
mod introspect;
mod jwk;
mod jws;
mod key_store;
mod pem;
mod principal;
mod provider;
mod realm_keys;
mod signature;
mod verify;

pub use bearer::bearer;
pub use cache::TokenCache;
pub(crate) use claims::Glance;
pub use decode::{Check, DecodeError, DecodeKeys, DecodeRules};
pub use error::TokenError;
pub use jws::UnverifiedToken;
pub use principal::Principal;
pub use provider::{Provider, Providers};
pub use realm_keys::RealmKeys;
pub use verify::{TokenSource, VerifiedToken};

#[cfg(test)]
mod fixture;

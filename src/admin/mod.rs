//! Keycloak's Admin REST API; one file per heading of its own reference.
//!
//! [`AdminClient`] logs in; [`AdminClient::realm`] leads to everything in a realm: `admin.realm("shop").users().get(id)`.
//! Representations are [`serde_json::Value`], so that a member which this version does not know survives a round trip.
//! The doc of a method gives its HTTP line and the method of python-keycloak that it stands for.
//!
//! Names and ids are encoded whatever is in them. Errors keep the server's text: [`crate::connection::CallError`].

mod attack_detection;
mod client;
mod keys;
mod location;
mod pages;
mod realm;

pub use attack_detection::AttackDetection;
pub use client::AdminClient;
pub use keys::Keys;
pub use pages::{PAGE_SIZE, Pages};
pub use realm::Realm;

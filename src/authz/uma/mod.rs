//! Keycloak's UMA-ticket grant, answered without Keycloak: a form becomes questions, and decisions become an answer.

mod answer;
mod claim_token;
mod edit;
mod error;
mod form;
mod permission;
mod question;
mod request;
mod resolution;
mod uri;

pub use answer::{Answer, GrantedEntry, Response};
pub use error::RequestError;
pub(in crate::authz) use question::{Said, Saying};
pub use request::{Subject as UmaSubject, UmaRequest};

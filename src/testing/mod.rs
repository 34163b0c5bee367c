//! The demo and the tests share one cast: a development issuer, tokens with one thing wrong, upstreams that misbehave by
//! name, a proxy that cuts connections, a gateway from a TOML string.
//!
//! Everything here listens on loopback only, runs on a thread and a runtime of its own (so that it can be started from
//! plain and from asynchronous tests alike) and ends when it is dropped. None of it is meant for production.
//!
//! ```
//! use gatecloak::testing::{DevIdp, Mint, RawClient, Realm};
//!
//! let idp = DevIdp::new(Realm::demo()?).start()?;
//! let token = idp.token("web", "alice")?;
//! let expired = Mint::new(&idp.issuer()).user("alice").audience("gateway").expired().sign(&idp.key());
//! assert_ne!(token, expired);
//! let keys = RawClient::get(idp.address(), "/realms/demo/protocol/openid-connect/certs", &[])?;
//! assert_eq!(keys.status, 200);
//! # Ok::<(), std::io::Error>(())
//! ```

mod background;
mod client;
mod cut;
mod folder;
mod gateway;
mod idp;
mod keys;
mod mint;
mod misbehave;
mod upstream;

pub use client::{RawClient, RawResponse};
pub use cut::{ChaosProxy, Link};
pub use folder::TempFolder;
pub use gateway::TestGateway;
pub use idp::{
    AuthorizationSettings, Composites, DevIdp, DevIdpBuilder, Endpoint, Fault, OldKeys, PolicySettings,
    ProtocolMapper, Realm, RealmClient, RealmCredential, RealmGroup, RealmRole, RealmRoles, RealmUser,
    ResourceSettings, ScopeSettings,
};
pub use keys::SigningKey;
pub use mint::Mint;
pub use misbehave::{BadUpstream, Misbehaviour};
pub use upstream::EchoUpstream;

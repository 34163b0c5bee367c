//! An authenticating and authorizing reverse proxy for Keycloak.
//!
//! Most people run the binary: `gatecloak serve --config gateway.toml`. As a library there are two ways in.
//!
//! # The checks, in front of an application of one's own
//!
//! [`gateway::Guard`] is a tower layer: it checks what a route requires and hands over the verified token. Its page has the
//! whole example with axum.
//!
//! # The whole gateway, inside a program
//!
//! ```
//! use std::path::Path;
//!
//! use gatecloak::{config, server};
//! # use gatecloak::testing::{DevIdp, EchoUpstream, RawClient, Realm};
//! # let idp = DevIdp::new(Realm::demo()?).start()?;
//! # let (issuer, token) = (idp.issuer(), idp.token("web", "alice")?);
//! # let upstream = EchoUpstream::start()?;
//! # let endpoint = upstream.address();
//!
//! let text = format!(
//!     r#"
//!     [listener]
//!     address = "127.0.0.1:0"
//!
//!     [ops]
//!     enabled = false
//!
//!     [providers.demo]
//!     issuer = "{issuer}"
//!     client_id = "gateway"
//!
//!     [upstreams.orders]
//!     endpoints = ["http://{endpoint}"]
//!
//!     [routes.orders]
//!     path = "/orders/*"
//!     require = {{ realm_role = "manager" }}
//!     "#
//! );
//! // Environment and flags could go on top; relative paths would start at the file's folder.
//! let loaded = config::load_text(Path::new("gateway.toml"), text, [], &[])?;
//! let gateway = server::start(loaded, None, false)?;
//!
//! let bearer = format!("Bearer {token}");
//! let answer = RawClient::get(gateway.address, "/orders/1", &[("authorization", &bearer)])?;
//! assert_eq!(answer.status, 200);
//! let answer = RawClient::get(gateway.address, "/orders/1", &[])?;
//! assert_eq!(answer.status, 401);
//! gateway.stop();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rooms
//!
//! Each module is a room with one question, and knows only those below it: [`cli`] and [`server`] over [`gateway`], over
//! [`authz`], [`route`] and [`proxy`], over [`token`], over [`oidc`]. Everyone knows [`config`] (plain data) and
//! [`telemetry`]; [`testing`] is the cast of demo and tests.
//!
//! For programs that manage a Keycloak: [`admin`] and [`bootstrap`], and [`oidc`] beside them, over [`connection`].
//!
//! # Features
//!
//! All are on by default, and none changes what the others do: `cli` (the command), `testing` (the development issuer and its
//! kin, for tests of one's own), `yaml` (YAML beside TOML). A library user takes `default-features = false`.
//!
#![doc = include_str!("lexicon.md")]
#![cfg_attr(
    not(all(feature = "cli", feature = "testing")),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "a build without the optional rooms cannot link to them"
    )
)]

pub mod admin;
pub mod authz;
pub mod bootstrap;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod connection;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod gateway;
pub mod oidc;
pub mod proxy;
pub mod route;
pub mod server;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;

/// The examples of the document compile.
#[cfg(doctest)]
#[doc = include_str!("../docs/KEYCLOAK-CLIENT.md")]
struct KeycloakClientDocument;

//! What goes wrong around the gateway, and what it makes of it: the realm, its keys, upstreams, clients, the
//! configuration, the process, floods.

#[cfg(target_os = "linux")]
pub(crate) mod child;
mod client;
#[cfg(target_os = "linux")]
mod floods;
mod issuer;
mod keys;
#[cfg(target_os = "linux")]
mod process;
mod reload;
mod scene;
mod upstream;

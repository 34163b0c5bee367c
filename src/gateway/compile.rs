//! A configuration, compiled: what a request is judged by. Immutable; a reload makes another one.

use std::path::Path;

use crate::config::{Config, Problem};

/// A compiled configuration.
pub struct Gateway {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Gateway {
    /// Compiles. Every problem of every room is reported, not the first one. Reads secrets, PEM and settings files
    /// (relative to `folder`); makes no call to a realm. Takes over from `previous` what has not changed: keys, remembered
    /// tokens and decisions.
    pub fn compile(
        config: &Config,
        folder: &Path,
        control: &tokio::runtime::Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// Starts what runs in the background (fetching keys), until the gateway is dropped.
    pub fn start(&self) {
        todo!()
    }

    /// Things that are allowed but deserve a look: routes that Keycloak's matcher would read otherwise, public routes...
    pub fn warnings(&self) -> Vec<Problem> {
        todo!()
    }

    /// Whether every provider has keys.
    pub fn is_ready(&self) -> bool {
        todo!()
    }

    /// The configuration, with nothing secret in it.
    pub fn config(&self) -> &Config {
        todo!()
    }
}

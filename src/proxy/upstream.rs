//! An upstream, compiled: endpoints, whose turn it is, TLS.

use crate::config::{Problem, UpstreamConfig};

/// An upstream, compiled from `[upstreams.NAME]`.
#[derive(Debug)]
pub struct Upstream {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Upstream {
    /// Compiles; reads certificate files relative to `folder`.
    pub fn build(
        name: &str,
        config: &UpstreamConfig,
        folder: &std::path::Path,
    ) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// The name in the configuration.
    pub fn name(&self) -> &str {
        todo!()
    }
}

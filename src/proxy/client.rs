//! Connections to the upstreams, one pool per worker thread.

use std::sync::Arc;

use http::{Request, Response};

use super::{Body, ForwardError, Upstream};

/// Sends requests; keeps idle connections. One per worker thread, so its locks are never contended.
#[derive(Debug, Default)]
pub struct Client {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Client {
    /// Without connections.
    pub fn new() -> Self {
        todo!()
    }

    /// Sends a request, whose URI is a path and query and whose headers are as the upstream is to see them (but for
    /// `Host`, which is set here if the upstream does not preserve it).
    ///
    /// An upgrade (`Upgrade` with `Connection: upgrade`, put back by [`super::headers`]) is carried through after the
    /// upstream's 101, and only then.
    pub async fn send(
        &self,
        upstream: &Arc<Upstream>,
        request: Request<Body>,
    ) -> Result<Response<Body>, ForwardError> {
        todo!()
    }
}

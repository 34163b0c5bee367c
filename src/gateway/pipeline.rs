//! One worker's way of a request.

use std::sync::Arc;

use arc_swap::ArcSwap;
use http::{Request, Response};
use hyper::body::Incoming;

use super::{Connection, Gateway};
use crate::proxy::Body;

/// One worker's pipeline: its own connections to the upstreams, and the current [`Gateway`].
pub struct Pipeline {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Pipeline {
    /// `current` is loaded once per request: a request is judged by one configuration from begin to end.
    pub fn new(current: Arc<ArcSwap<Gateway>>) -> Self {
        todo!()
    }

    /// Runs one request. Always answers; a panic inside is a 500 and is counted.
    pub async fn call(&self, connection: &Arc<Connection>, request: Request<Incoming>) -> Response<Body> {
        todo!()
    }
}

//! What answers the requests of a listener.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::activity::Activity;
use crate::gateway::{Connection, Pipeline};

/// Answers requests; the gateway's pipeline, or the ops pages.
pub(super) trait Handler: Send + Sync + 'static {
    /// Of the answers.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    /// Always answers.
    fn handle(
        &self,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}

impl Handler for Pipeline {
    type Body = crate::proxy::Body;

    async fn handle(&self, connection: &Arc<Connection>, request: Request<Incoming>) -> Response<Self::Body> {
        self.call(connection, request).await
    }
}

/// What the requests of one connection share.
pub(super) struct Session<H> {
    pub(super) handler: Arc<H>,
    pub(super) connection: Arc<Connection>,
    pub(super) activity: Arc<Activity>,
}

impl<H: Handler> Session<H> {
    /// Answers a request. It is in flight until the body of its answer has ended or is given up.
    pub(super) async fn call(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<
        Response<impl Body<Data = Bytes, Error = Box<dyn Error + Send + Sync>> + Send + 'static>,
        Infallible,
    > {
        let in_flight = InFlight::begin(self);
        let Self { handler, connection, .. } = &*in_flight.0;
        let response = handler.handle(connection, request).await;
        // The closure keeps `in_flight` for as long as the body lives; it costs no allocation.
        Ok(response.map(|body| body.map_err(move |error| in_flight.pass(error.into()))))
    }
}

struct InFlight<H>(Arc<Session<H>>);

impl<H> InFlight<H> {
    fn begin(session: Arc<Session<H>>) -> Self {
        session.activity.request_begins();
        Self(session)
    }

    fn pass<E>(&self, error: E) -> E {
        error
    }
}

impl<H> Drop for InFlight<H> {
    fn drop(&mut self) {
        self.0.activity.request_ends();
    }
}

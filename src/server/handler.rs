//! What answers the requests of a listener.

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::activity::{Activity, Offer};
use crate::gateway::{Connection, Pipeline};

/// Answers requests; the gateway's pipeline, or the ops pages.
pub(super) trait Handler: Send + Sync + 'static {
    /// Of the answers.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static;

    /// Always answers.
    fn handle(
        &self,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}

impl Handler for Pipeline {
    type Body = crate::proxy::Body;

    fn handle(
        &self,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Self::Body>> + Send {
        // Boxed before anything of it is kept in a future.
        self.call(connection, Box::new(request.map(crate::proxy::Body::incoming)))
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
    ) -> Result<Response<AnswerBody<H>>, Infallible> {
        let is_http2 = request.version() == Version::HTTP_2;
        let mut in_flight = InFlight::begin(self);
        let Session { handler, connection, .. } = &*in_flight.session;
        let response = handler.handle(connection, request).await;
        in_flight.is_answered = true;
        Ok(response.map(|body| {
            if is_http2 && !body.is_end_stream() {
                in_flight.offer = Some(in_flight.session.activity.offer());
            }
            AnswerBody { body, in_flight }
        }))
    }
}

/// An answer's body, on its way to the client.
pub(super) struct AnswerBody<H: Handler> {
    body: H::Body,
    in_flight: InFlight<H>,
}

impl<H: Handler> Body for AnswerBody<H> {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Some(offer) = &this.in_flight.offer {
            match &polled {
                Poll::Ready(Some(_)) => offer.waits(),
                Poll::Ready(None) | Poll::Pending => offer.is_taken(),
            }
        }
        polled.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

struct InFlight<H> {
    session: Arc<Session<H>>,
    is_answered: bool,
    /// Of HTTP/2, where one stream can stand still while others go on.
    offer: Option<Arc<Offer>>,
}

impl<H> InFlight<H> {
    fn begin(session: Arc<Session<H>>) -> Self {
        session.activity.request_begins();
        Self { session, is_answered: false, offer: None }
    }
}

impl<H> Drop for InFlight<H> {
    fn drop(&mut self) {
        let activity = &self.session.activity;
        if let Some(offer) = &self.offer {
            activity.withdraw(offer);
        }
        activity.request_ends();
        if !self.is_answered {
            activity.request_given_up();
        }
    }
}

//! A check as a tower layer: the plumbing, written once.

use std::future::{Ready, ready};
use std::task::{Context, Poll};

use futures_util::future::{BoxFuture, Either};
use tower::{Layer, Service};

use super::Refused;

/// One step of the pipeline: turns what comes in into what the next step takes, or refuses it.
pub trait Check<In> {
    /// What a passed check yields: the proof that it ran.
    type Out;

    /// Checks.
    fn check(&self, input: In) -> Checked<Self::Out>;
}

/// The outcome of a [`Check`].
pub enum Checked<T> {
    /// Refused, at once.
    Refuse(Refused),
    /// A realm has to be asked first. The only way that costs an allocation; no warm request takes it.
    Wait(BoxFuture<'static, Result<T, Refused>>),
    /// Passed, at once.
    Pass(T),
}

/// Puts a [`Check`] before a service.
#[derive(Clone, Copy, Debug)]
pub struct GateLayer<C> {
    check: C,
}

impl<C> GateLayer<C> {
    /// A layer of this check.
    pub const fn new(check: C) -> Self {
        Self { check }
    }
}

impl<C: Clone, S> Layer<S> for GateLayer<C> {
    type Service = Gate<C, S>;

    fn layer(&self, inner: S) -> Gate<C, S> {
        Gate { check: self.check.clone(), inner }
    }
}

/// A service behind a [`Check`]: it sees only what passed, in the type that the check yields.
#[derive(Clone, Copy, Debug)]
pub struct Gate<C, S> {
    check: C,
    inner: S,
}

impl<In, C, S> Service<In> for Gate<C, S>
where
    C: Check<In>,
    C::Out: Send + 'static,
    S: Service<C::Out> + Clone + Send + 'static,
    S::Error: From<Refused> + Send + 'static,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = GateFuture<S::Future, S::Response, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, input: In) -> Self::Future {
        match self.check.check(input) {
            Checked::Pass(output) => Either::Left(self.inner.call(output)),
            Checked::Refuse(refused) => Either::Right(Either::Left(ready(Err(refused.into())))),
            Checked::Wait(wait) => {
                // The service that was polled ready is the one to call; the clone takes its place.
                let clone = self.inner.clone();
                let mut inner = std::mem::replace(&mut self.inner, clone);
                Either::Right(Either::Right(Box::pin(async move { inner.call(wait.await?).await })))
            }
        }
    }
}

/// The future of a [`Gate`]: that of the service behind it, as it is, when the check passes at once.
pub type GateFuture<F, T, E> = Either<F, Either<Ready<Result<T, E>>, BoxFuture<'static, Result<T, E>>>>;

#[cfg(test)]
mod tests;

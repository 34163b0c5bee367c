//! The same checks as a tower layer for an application of one's own: no listener, no upstream.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use futures_util::TryFutureExt;
use futures_util::future::{BoxFuture, MapErr};
use http::{Request, Response};
use tower::util::Oneshot;
use tower::{Layer, Service, ServiceExt};

use super::answer::answer;
use super::current::Held;
use super::facts::Facts;
use super::gate::{Check, Checked, Gate, GateLayer};
use super::request_id::RequestId;
use super::stage::{Arrived, Context, Permitted, Refused, Routed};
use super::{Authenticate, Authorize, Connection, FindRoute, Gateway, Rejection};
use crate::config::{
    self, Config, LoadError, Problem, RetryConfig, UpstreamConfig, UpstreamProtocol, UpstreamTimeouts,
    UpstreamTls,
};
use crate::route::PathError;

/// What stands for the file's name where problems with a text are displayed.
const TEXT: &str = "<toml>";

/// Guards an application by the `[routes]` of a configuration.
///
/// What a route requires is checked as in the gateway, and refusals are answered the same way. What passes reaches the
/// application with an [`Arc<VerifiedToken>`](crate::token::VerifiedToken) among its extensions (on routes that need a
/// token), and is otherwise unchanged but for its one settled `Host`; a request that no route matches does not pass.
///
/// A router may have read the path before the guard does (axum's has, where the guard is one of its layers). So that the
/// two cannot read it differently, a path that is not in canonical form is refused, also with `path.normalize`.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::{Extension, Router, body::Body, extract::Request, routing::get};
/// use gatecloak::gateway::Guard;
/// use gatecloak::token::VerifiedToken;
/// # use gatecloak::testing::{DevIdp, Mint, Realm};
/// use tower::ServiceExt;
///
/// async fn orders(Extension(token): Extension<Arc<VerifiedToken>>) -> String {
///     format!("orders of {}", token.principal.username().unwrap_or("nobody"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let idp = DevIdp::new(Realm::demo()?).start()?;
/// # let issuer = idp.issuer();
/// # let mint = Mint::new(&issuer).user("alice").audience("orders");
/// # let (reader, stranger) =
/// #     (mint.clone().realm_roles(&["reader"]).sign(&idp.key()), mint.realm_roles(&[]).sign(&idp.key()));
/// let guard = Guard::from_toml(&format!(
///     r#"
///     [providers.demo]
///     issuer = "{issuer}"
///     client_id = "orders"
///
///     [routes.orders]
///     path = "/orders/*"
///     require = {{ realm_role = "reader" }}
///     "#
/// ))?;
/// let app: Router = Router::new().route("/orders/{id}", get(orders)).layer(guard.layer());
///
/// for (token, status) in [(reader, 200), (stranger, 403), ("nonsense".to_owned(), 401)] {
///     let request = Request::get("/orders/7")
///         .header("host", "shop.example.com")
///         .header("authorization", format!("Bearer {token}"))
///         .body(Body::empty())?;
///     assert_eq!(app.clone().oneshot(request).await?.status(), status);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Guard {
    gateway: Held,
    connection: Arc<Connection>,
}

impl Guard {
    /// From the text of a configuration file; only `[providers]`, `[routes]` and `[path]` matter. Relative paths start
    /// at the working directory. The environment is not looked at.
    ///
    /// The error has everything that is wrong, and displays it as `gatecloak check` does: line, caret, hint.
    ///
    /// Must be called within a tokio runtime: calls to the realm run there.
    pub fn from_toml(text: &str) -> Result<Self, LoadError> {
        let further = Gateway::problems_of;
        let loaded = config::load_part(Path::new(TEXT), text.to_owned(), [], &[], complete, further)?;
        Self::compile(&loaded.config, loaded.folder()).map_err(|problems| loaded.refuse(problems))
    }

    /// From a configuration, relative paths starting at `folder`. Starts fetching the realms' keys.
    ///
    /// Must be called within a tokio runtime: calls to the realm run there.
    pub fn from_config(mut config: Config, folder: &Path) -> Result<Self, Vec<Problem>> {
        complete(&mut config);
        let problems = config::check_consistency(&config);
        if !problems.is_empty() {
            return Err(problems);
        }
        Self::compile(&config, folder)
    }

    fn compile(config: &Config, folder: &Path) -> Result<Self, Vec<Problem>> {
        let control = tokio::runtime::Handle::try_current().map_err(|_| {
            vec![Problem::new("", "a guard is made within a tokio runtime, and there is none")]
        })?;
        let gateway = Gateway::compile(config, folder, &control, None)?;
        gateway.start();
        Ok(Self { gateway: Held::new(Arc::new(gateway)), connection: Arc::new(Connection::unknown()) })
    }

    /// The layer.
    pub fn layer(&self) -> GuardLayer {
        GuardLayer { guard: self.clone() }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

/// Puts the checks before a service; see [`Guard`].
#[derive(Clone, Debug)]
pub struct GuardLayer {
    guard: Guard,
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        let guarded = GateLayer::new(Authenticate).layer(GateLayer::new(Authorize).layer(HandOver { inner }));
        let checked = GateLayer::new(FindRoute).layer(GateLayer::new(ReadAlike).layer(guarded));
        Guarded { guard: self.guard.clone(), checked }
    }
}

/// A service behind the checks.
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    guard: Guard,
    checked: Gate<FindRoute, Gate<ReadAlike, Proven<S>>>,
}

/// Behind the checks of who calls, and of what they may do.
type Proven<S> = Gate<Authenticate, Gate<Authorize, HandOver<S>>>;

impl<S, B, R> Service<Request<B>> for Guarded<S>
where
    B: http_body::Body + Send + 'static,
    R: From<Bytes> + Send + 'static,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        // The application's service is waited for when its turn comes: a refusal does not need it.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let started = Instant::now();
        let id = RequestId::choose(request.headers(), false);
        let facts = Facts::note(&request, id.clone());
        let Guard { gateway, connection } = self.guard.clone();
        let context = Context::new(gateway, connection, false, SystemTime::now(), id);
        let answered = self.checked.call(Arrived { request: Box::new(request), context });
        Box::pin(async move {
            match answered.await {
                Ok(response) => Ok(response),
                Err(Stopped::Failed(error)) => Err(error),
                Err(Stopped::Refused(refused)) => {
                    let response = answer(&facts, &refused).map(R::from);
                    if let Some(route) = &refused.trail.route {
                        route.metrics.request(response.status().as_u16(), started.elapsed());
                    }
                    Ok(response)
                }
            }
        })
    }
}

/// Refuses a path that is not as it was decided on, but for the case of hex digits: whoever has read it before, or reads
/// it after, might take it for another one.
#[derive(Clone, Copy, Debug)]
struct ReadAlike;

impl<B> Check<Routed<B>> for ReadAlike {
    type Out = Routed<B>;

    fn check(&self, routed: Routed<B>) -> Checked<Routed<B>> {
        // The canonical form never changes the case of anything else.
        if routed.request.uri().path().eq_ignore_ascii_case(routed.path.as_str()) {
            Checked::Pass(routed)
        } else {
            Checked::Refuse(routed.refuse(Rejection::Path(PathError::NotCanonical)))
        }
    }
}

/// Hands what passed to the application, with the proof among the extensions.
#[derive(Clone, Debug)]
struct HandOver<S> {
    inner: S,
}

impl<S, B> Service<Permitted<B>> for HandOver<S>
where
    S: Service<Request<B>> + Clone,
{
    type Response = S::Response;
    type Error = Stopped<S::Error>;
    type Future = MapErr<Oneshot<S, Request<B>>, fn(S::Error) -> Stopped<S::Error>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, permitted: Permitted<B>) -> Self::Future {
        let (mut request, _, _, trail) = permitted.split();
        if let Some(caller) = trail.caller {
            request.extensions_mut().insert(Arc::clone(&caller.token));
        }
        self.inner.clone().oneshot(*request).map_err(Stopped::Failed)
    }
}

/// Why there is no response of the application.
enum Stopped<E> {
    Refused(Refused),
    Failed(E),
}

impl<E> From<Refused> for Stopped<E> {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// The application stands where the gateway has an upstream.
fn complete(config: &mut Config) {
    if config.upstreams.is_empty() {
        config.upstreams.insert("application".to_owned(), application());
    }
}

/// Stands in for the upstream that every route has.
fn application() -> UpstreamConfig {
    UpstreamConfig {
        endpoints: vec!["http://127.0.0.1:80".to_owned()],
        protocol: UpstreamProtocol::default(),
        preserve_host: true,
        timeouts: UpstreamTimeouts::default(),
        retry: RetryConfig::default(),
        idle_connections: 0,
        tls: UpstreamTls::default(),
    }
}

#[cfg(test)]
mod tests;

//! The pages for the people who run the gateway: `/healthz`, `/readyz`, `/metrics`, `/config`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use arc_swap::ArcSwap;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tower::ServiceExt as _;

use super::handler::Handler;
use crate::config::ListenerLimits;
use crate::gateway::{Connection, Gateway};
use crate::telemetry::{Readiness, metrics};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const JSON: &str = "application/json";
const CONNECTIONS: usize = 64;

/// What the pages tell of.
#[derive(Clone)]
pub(super) struct Status {
    pub(super) current: Arc<ArcSwap<Gateway>>,
    pub(super) draining: Arc<AtomicBool>,
}

impl Status {
    fn report(&self) -> Report {
        let gateway = self.current.load();
        let without = gateway.readiness().filter(|(_, ready)| !ready);
        let without = without.map(|(name, _)| format!("provider `{name}` has no keys")).collect();
        let (mut obstacles, warnings) =
            if gateway.is_ready() { (Vec::new(), without) } else { (without, Vec::new()) };
        if self.draining.load(Relaxed) {
            obstacles.push("draining".to_owned());
        }
        Report { obstacles, warnings }
    }

    fn readiness(&self) -> Readiness {
        let ready = self.report().is_ready();
        let gateway = self.current.load();
        let providers = gateway.readiness().map(|(name, ready)| (name.to_owned(), ready));
        Readiness { ready, providers: providers.collect() }
    }
}

/// What `/readyz` says.
struct Report {
    /// Why no request should be sent here.
    obstacles: Vec<String>,
    /// What some requests lack.
    warnings: Vec<String>,
}

impl Report {
    fn is_ready(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// Answers on the ops listener.
pub(super) struct Ops(Router);

impl Ops {
    pub(super) fn new(status: Status) -> Self {
        let router = Router::new()
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .route("/metrics", get(scrape))
            .route("/config", get(config))
            .with_state(status);
        Self(router)
    }

    /// The limits of the listener: the default ones, with few connections.
    pub(super) fn limits() -> ListenerLimits {
        ListenerLimits { connections: CONNECTIONS, ..ListenerLimits::default() }
    }
}

impl Handler for Ops {
    type Body = axum::body::Body;

    async fn handle(&self, _: &Arc<Connection>, request: Request<Incoming>) -> Response<Self::Body> {
        match self.0.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The process is alive.
async fn healthz() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// It can judge requests.
async fn readyz(State(status): State<Status>) -> impl IntoResponse {
    let report = status.report();
    let ready = report.is_ready();
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let Report { obstacles, warnings } = report;
    let body = serde_json::json!({ "ready": ready, "obstacles": obstacles, "warnings": warnings });
    (code, [(CONTENT_TYPE, JSON), (CACHE_CONTROL, "no-store")], format!("{body}\n"))
}

async fn scrape(State(status): State<Status>) -> impl IntoResponse {
    ([(CONTENT_TYPE, OPEN_METRICS)], metrics().encode(status.readiness()))
}

/// The configuration in use; secrets are only references in it.
async fn config(State(status): State<Status>) -> impl IntoResponse {
    match serde_json::to_string_pretty(status.current.load().config()) {
        Ok(text) => (StatusCode::OK, [(CONTENT_TYPE, JSON)], text),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "text/plain")], error.to_string()),
    }
}

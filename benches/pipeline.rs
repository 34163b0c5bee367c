//! What a request costs between sockets: route, authenticate, authorize, answer.
//!
//! By the layers of `Guard`, in front of a service that does nothing. Every cache is warm, and no call leaves the thread.

#![expect(clippy::expect_used, clippy::panic, reason = "a broken bench has to stop")]

#[path = "support/cpu_clock.rs"]
mod cpu_clock;

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use criterion::BatchSize;
use gatecloak::gateway::Guard;
use gatecloak::testing::{DevIdp, Mint, Realm};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use tokio::runtime::Runtime;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

use self::cpu_clock::CpuClock;

/// For the first fetch of the realm's keys.
const BOUND: Duration = Duration::from_secs(20);

/// The routes before and around the one in use.
const OTHERS: usize = 50;

fn main() {
    let mut criterion = CpuClock::criterion();
    let idp = DevIdp::new(Realm::demo().expect("a realm")).start().expect("an issuer");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let guard = {
        let _entered = runtime.enter();
        Guard::from_toml(&configuration(&idp.issuer())).unwrap_or_else(|error| panic!("{error}"))
    };
    let mut service = guard
        .layer()
        .layer(service_fn(async |_: Request<Empty<Bytes>>| Ok::<_, Infallible>(Response::new(Bytes::new()))));
    let alice = idp.token("web", "alice").expect("a token");
    let stranger = Mint::new(&idp.issuer()).user("carol").audience("gateway").sign(&idp.key());

    wait_for_keys(&runtime, &mut service, &alice);
    let calls = [
        ("public", "/public/a", None, StatusCode::OK),
        ("authenticated", "/me", Some(&alice), StatusCode::OK),
        ("by role", "/orders/1234/items?page=2", Some(&alice), StatusCode::OK),
        ("refused by role", "/orders/1234/items?page=2", Some(&stranger), StatusCode::FORBIDDEN),
        ("without a token", "/orders/1234/items?page=2", None, StatusCode::UNAUTHORIZED),
        ("two ways to read", "/public/%2e%2e/orders/1", Some(&alice), StatusCode::BAD_REQUEST),
        ("no route", "/nothing/of/the/kind", Some(&alice), StatusCode::NOT_FOUND),
    ];
    for (name, path, token, expected) in calls {
        criterion.bench_function(&format!("pipeline/{name}"), |bencher| {
            bencher.iter_batched(
                || request(path, token.map(String::as_str)),
                |request| {
                    let status = ask(&runtime, &mut service, black_box(request));
                    assert_eq!(status, expected, "{name}");
                },
                BatchSize::SmallInput,
            );
        });
    }
    criterion.final_summary();
}

fn configuration(issuer: &str) -> String {
    let mut text = format!(
        "[providers.demo]\nissuer = \"{issuer}\"\nclient_id = \"gateway\"\n\
         [routes.public]\npath = \"/public/*\"\nrequire = \"public\"\n\
         [routes.me]\npath = \"/me\"\n\
         [routes.orders]\npath = \"/orders/{{id}}/*\"\nmethods = [\"GET\"]\nrequire = {{ realm_role = \"manager\" }}\n"
    );
    for number in 0..OTHERS {
        text.push_str(&format!("[routes.other-{number}]\npath = \"/other-{number}/*\"\n"));
    }
    text
}

fn request(path: &str, token: Option<&str>) -> Request<Empty<Bytes>> {
    let request = Request::get(path).header("host", "shop.example.com").header("accept", "*/*");
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    request.body(Empty::new()).expect("a request")
}

fn ask<S>(runtime: &Runtime, service: &mut S, request: Request<Empty<Bytes>>) -> StatusCode
where
    S: Service<Request<Empty<Bytes>>, Response = Response<Bytes>, Error = Infallible>,
{
    match runtime.block_on(async { service.ready().await?.call(request).await }) {
        Ok(response) => response.status(),
        Err(never) => match never {},
    }
}

fn wait_for_keys<S>(runtime: &Runtime, service: &mut S, token: &str)
where
    S: Service<Request<Empty<Bytes>>, Response = Response<Bytes>, Error = Infallible>,
{
    let started = Instant::now();
    while ask(runtime, service, request("/me", Some(token))) != StatusCode::OK {
        assert!(started.elapsed() < BOUND, "the realm's keys were not fetched");
        std::thread::yield_now();
    }
}

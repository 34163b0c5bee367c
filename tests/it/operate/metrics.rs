//! `/metrics`: names and labels, what is counted, and what is never a label.

use std::collections::BTreeSet;

use gatecloak::testing::{BadUpstream, EchoUpstream, Misbehaviour, RawClient, RawResponse};

use super::exposition::Exposition;
use crate::stage::Stage;

/// The counters are the process's: names that no other test has in place of `measured` keep them apart.
const ROUTES: &str = r#"
[upstreams.measured]
endpoints = ["http://ECHO"]
[upstreams.measured_down]
endpoints = ["http://DOWN"]
[routes.measured_public]
path = "/public/*"
upstream = "measured"
require = "public"
[routes.measured_managers]
path = "/managers/*"
upstream = "measured"
require = { realm_role = "manager" }
[routes.measured_orders]
path = "/orders/*"
upstream = "measured"
evaluation = "remote"
require.permission = { scopes = ["view"] }
[routes.measured_fresh]
path = "/fresh/*"
upstream = "measured"
introspection = "always"
[routes.measured_down]
path = "/down/*"
upstream = "measured_down"
require = "public"
"#;

struct Measured {
    stage: Stage,
    _down: BadUpstream,
    _echo: EchoUpstream,
}

/// Names of routes and upstreams begin with `name`.
fn measured(name: &str) -> Measured {
    let down = BadUpstream::start(Misbehaviour::Refuse).expect("an address");
    let echo = EchoUpstream::start().expect("an upstream");
    let routes = ROUTES.replace("ECHO", &echo.address().to_string());
    let routes = routes.replace("DOWN", &down.address().to_string()).replace("measured", name);
    Measured { stage: Stage::start(&routes), _down: down, _echo: echo }
}

fn scrape(stage: &Stage) -> (RawResponse, Exposition) {
    let address = stage.gateway.ops_address().expect("an ops listener");
    let answer = RawClient::get(address, "/metrics", &[]).expect("an answer");
    let exposition = Exposition::parse(&answer.text());
    (answer, exposition)
}

#[test]
fn requests_decisions_and_calls_are_counted_by_name() {
    let Measured { stage, .. } = &measured("counted");
    let (alice, bob) = (stage.token("alice"), stage.token("bob"));
    for _ in 0..3 {
        assert_eq!(stage.status("/public/a", None), 200);
        assert_eq!(stage.status("/managers/a", Some(&alice)), 200);
        assert_eq!(stage.status("/managers/a", Some(&bob)), 403);
        assert_eq!(stage.status("/managers/a", None), 401);
        assert_eq!(stage.status("/orders/1", Some(&alice)), 200);
        assert_eq!(stage.status("/fresh/1", Some(&alice)), 200);
        assert_eq!(stage.status("/down/1", None), 502);
    }
    let (answer, metrics) = scrape(stage);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(kind));

    for (route, code, upstream) in [
        ("counted_public", "200", "counted"),
        ("counted_managers", "200", "counted"),
        ("counted_managers", "403", "counted"),
        ("counted_managers", "401", "counted"),
        ("counted_orders", "200", "counted"),
        ("counted_fresh", "200", "counted"),
        ("counted_down", "502", "counted_down"),
    ] {
        let labels = [("route", route), ("code", code), ("upstream", upstream)];
        assert_eq!(metrics.value("gatecloak_requests_total", &labels), 3.0, "{labels:?}");
    }
    for (route, count) in [("counted_public", 3.0), ("counted_managers", 9.0)] {
        let labels = [("route", route)];
        assert_eq!(metrics.value("gatecloak_request_duration_seconds_count", &labels), count, "{route}");
    }
    let decisions = |route, result, source| {
        let labels = [("route", route), ("result", result), ("source", source)];
        metrics.value("gatecloak_decisions_total", &labels)
    };
    assert_eq!(decisions("counted_public", "public", "route"), 3.0);
    assert_eq!(decisions("counted_managers", "granted", "claims"), 3.0);
    assert_eq!(decisions("counted_managers", "refused", "claims"), 3.0);
    assert_eq!(decisions("counted_orders", "granted", "keycloak"), 1.0);
    assert_eq!(decisions("counted_orders", "granted", "cache"), 2.0);

    for operation in ["jwks", "introspection", "uma"] {
        let labels = [("operation", operation), ("result", "ok")];
        let calls = metrics.value("gatecloak_idp_request_duration_seconds_count", &labels);
        assert!(
            calls >= 1.0,
            "{operation}: {:?}",
            metrics.values("gatecloak_idp_request_duration_seconds_count", "operation")
        );
    }
    let sources = metrics.values("gatecloak_token_verifications_total", "source");
    for source in ["signature", "cache", "introspection"] {
        assert!(sources.contains(source), "{source}: {sources:?}");
    }
    let caches = metrics.values("gatecloak_cache_requests_total", "cache");
    assert!(caches.contains("token") && caches.contains("decision"), "{caches:?}");
    assert_eq!(metrics.value("gatecloak_config_last_reload_ok", &[]), 1.0);
    assert!(metrics.value("gatecloak_connections", &[]) >= 0.0);
    assert!(metrics.value("process_resident_memory_bytes", &[]) > 1e6);
}

#[test]
fn a_warm_connection_is_counted_as_such() {
    let Measured { stage, .. } = &measured("warm");
    let memo = |stage: &Stage| {
        let labels = [("result", "ok"), ("source", "memo")];
        scrape(stage).1.value("gatecloak_token_verifications_total", &labels)
    };
    let before = memo(stage);
    let ask = format!(
        "GET /managers/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n",
        stage.token("alice")
    );
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    for _ in 0..10 {
        client.send(&ask).expect("sent");
        assert_eq!(client.response().expect("an answer").status, 200);
    }
    // Other tests of this process count here too, but never less.
    assert!(memo(stage) >= before + 8.0);
}

#[test]
fn no_label_comes_from_a_client() {
    let Measured { stage, .. } = &measured("flooded");
    let alice = stage.token("alice");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let families = |stage: &Stage| {
        let text = scrape(stage).0.text();
        text.lines().filter(|line| line.starts_with("gatecloak_") && line.contains("flooded")).count()
    };
    // All that these routes can give has come up once.
    for path in ["/public/swordfish", "/nowhere/swordfish", "/managers/swordfish", "/orders/1"] {
        stage.status(path, Some(&alice));
        stage.status(path, None);
    }
    let before = families(stage);
    for number in 0..500 {
        let path =
            ["/public/swordfish", "/nowhere/swordfish", "/managers/swordfish", "/orders/1"][number % 4];
        let method = ["GET", "SWORDFISH"][number / 4 % 2];
        client
            .send(format!(
                "{method} {path}{number}?swordfish={number} HTTP/1.1\r\nHost: swordfish{number}.example\r\n\
                 User-Agent: swordfish{number}\r\nX-Request-Id: swordfish{number}\r\n\
                 Authorization: Bearer {}\r\n\r\n",
                if number % 3 == 0 { &*alice } else { "swordfish" }
            ))
            .expect("sent");
        client.response().expect("an answer");
    }
    let (answer, metrics) = scrape(stage);
    let text = answer.text();
    assert!(!text.contains("swordfish"), "{text}");
    for secret in ["alice", &*subject(&alice), "web", "127.0.0.1"] {
        assert!(!text.contains(&format!("\"{secret}\"")), "{secret}");
    }
    assert!(families(stage) <= before + 16, "{before} lines became {}", families(stage));
    let expected: [(&str, &[&str]); 7] = [
        ("gatecloak_requests_total", &["code", "route", "upstream"]),
        ("gatecloak_request_duration_seconds_count", &["route"]),
        ("gatecloak_decisions_total", &["result", "route", "source"]),
        ("gatecloak_token_verifications_total", &["result", "source"]),
        ("gatecloak_cache_requests_total", &["cache", "result"]),
        ("gatecloak_idp_request_duration_seconds_count", &["operation", "result"]),
        ("gatecloak_provider_ready", &["provider"]),
    ];
    for (name, labels) in expected {
        assert_eq!(metrics.labels(name), labels.iter().copied().collect::<BTreeSet<_>>(), "{name}");
    }
}

/// The subject in a token.
fn subject(token: &str) -> String {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).expect("a payload");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let claims: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    claims["sub"].as_str().expect("a subject").to_owned()
}

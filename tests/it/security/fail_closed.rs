//! An error on the way to a decision is a refusal: CVE-2024-23324, CVE-2026-27586, CVE-2026-54762, CVE-2022-46153, CVE-2026-31837.

use std::time::Duration;

use gatecloak::testing::{Endpoint, Fault};

use crate::stage::Stage;

const ROUTES: &str = r#"
[routes.public]
path = "/public"
require = "public"
[routes.me]
path = "/me"
[routes.fresh]
path = "/fresh"
introspection = "always"
[routes.orders]
path = "/orders/*"
require = { permission = { scopes = ["view"] } }
"#;

fn faults() -> Vec<Fault> {
    vec![
        Fault::Html,
        Fault::Garbage,
        Fault::Null,
        Fault::Status(200),
        Fault::Status(204),
        Fault::Status(401),
        Fault::Status(500),
        Fault::EmptyKeySet,
        Fault::Json(r#"{"active":"true"}"#.to_owned()),
        Fault::Json(r#"{"active":1}"#.to_owned()),
        Fault::Json(r#"{"result":true}"#.to_owned()),
        Fault::Json("[]".to_owned()),
        Fault::Json("true".to_owned()),
        Fault::Json(r#"[{"rsname":"Prices","scopes":["view"]}]"#.to_owned()),
        Fault::Json(r#"[{"rsname":"Orders","scopes":["edit"]}]"#.to_owned()),
        Fault::Huge(8 * 1024 * 1024),
        Fault::Drop,
    ]
}

#[test]
fn an_introspection_answer_that_is_not_right_is_no_yes() {
    let stage = Stage::start_with("timeout = \"1s\"", ROUTES);
    for fault in faults() {
        let bob = stage.token("bob");
        stage.idp.answer_with(Endpoint::Introspection, fault.clone());
        let status = stage.status("/fresh", Some(&bob));
        assert!(matches!(status, 401 | 503), "{fault:?}: {status}");
        assert_eq!(stage.status("/public", None), 200);
        stage.idp.answer_rightly(Endpoint::Introspection);
    }
    assert_eq!(stage.status("/fresh", Some(&stage.token("bob"))), 200);
}

#[test]
fn a_permission_answer_that_is_not_right_is_no_yes() {
    let stage = Stage::start_with("timeout = \"1s\"", ROUTES);
    for fault in faults() {
        let bob = stage.token("bob");
        stage.idp.answer_with(Endpoint::Uma, fault.clone());
        let status = stage.status("/orders/1", Some(&bob));
        assert!(matches!(status, 401 | 403 | 503), "{fault:?}: {status}");
        stage.idp.answer_rightly(Endpoint::Uma);
    }
    assert_eq!(stage.status("/orders/1", Some(&stage.token("bob"))), 200);
}

#[test]
fn a_redirect_is_not_followed_with_a_credential() {
    let canary = gatecloak::testing::EchoUpstream::start().expect("a canary");
    let stage = Stage::start_with("timeout = \"1s\"", ROUTES);
    let bob = stage.token("bob");
    let to = Fault::Redirect(format!("http://{}/canary", canary.address()));
    for endpoint in [Endpoint::Introspection, Endpoint::Uma, Endpoint::Certs, Endpoint::Discovery] {
        stage.idp.answer_with(endpoint, to.clone());
    }
    assert_ne!(stage.status("/fresh", Some(&bob)), 200);
    assert_ne!(stage.status("/orders/1", Some(&bob)), 200);
    assert_eq!(canary.requests(), 0);
}

#[test]
fn without_the_issuer_nothing_guarded_is_served_and_it_recovers_by_itself() {
    let stage = Stage::start_with("timeout = \"1s\"\njwks.cool_down = \"200ms\"", ROUTES);
    let bob = stage.token("bob");
    stage.idp.stop();
    // A second gateway starts while the issuer is down.
    let gateway =
        crate::stage::start_gateway(&stage.toml("timeout = \"1s\"\njwks.cool_down = \"200ms\"", ROUTES));
    let bearer = format!("Bearer {bob}");
    let ask = |path: &str| {
        let headers = [("Authorization", bearer.as_str())];
        gatecloak::testing::RawClient::get(gateway.address(), path, &headers).expect("an answer")
    };
    assert_eq!(ask("/public").status, 200);
    let refused = ask("/me");
    assert_eq!(refused.status, 503);
    assert!(refused.header("retry-after").is_some());
    stage.idp.restart().expect("restarted");
    let begin = std::time::Instant::now();
    while ask("/me").status != 200 {
        assert!(begin.elapsed() < Duration::from_secs(30), "it did not recover");
        std::thread::sleep(Duration::from_millis(50));
    }
}

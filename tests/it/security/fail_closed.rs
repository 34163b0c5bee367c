//! An error on the way to a decision is a refusal: CVE-2024-23324, CVE-2026-27586, CVE-2026-54762, CVE-2022-46153, CVE-2026-31837.

use std::time::Duration;

use gatecloak::testing::{Endpoint, Fault};

use crate::stage::{EVERY_NEED, Stage};

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
    let stage = Stage::start_with("timeout = \"1s\"", EVERY_NEED);
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
    let stage = Stage::start_with("timeout = \"1s\"", EVERY_NEED);
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
    let stage = Stage::start_with("timeout = \"1s\"", EVERY_NEED);
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
    let stage = Stage::start_with("timeout = \"1s\"\njwks.cool_down = \"200ms\"", EVERY_NEED);
    let bob = stage.token("bob");
    stage.idp.stop();
    // A second gateway starts while the issuer is down.
    let gateway =
        crate::stage::start_gateway(&stage.toml("timeout = \"1s\"\njwks.cool_down = \"200ms\"", EVERY_NEED));
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

/// What is empty, unknown or unreadable never means "anything goes".
#[test]
fn a_configuration_that_does_not_say_what_it_means_does_not_start() {
    let base = "[upstreams.x]\nendpoints = [\"http://127.0.0.1:9\"]\n\
                [providers.p]\nissuer = \"http://127.0.0.1:9/realms/p\"\nclient_id = \"gateway\"\n";
    let start = |rest: &str| gatecloak::testing::TestGateway::start_with(&format!("{base}{rest}"), &[]);
    start("[routes.r]\npath = \"/r\"\n").expect("the one that is right");
    for rest in [
        "[routes.r]\npath = \"\"\n",
        "[routes.r]\npath = \"/r\"\nhosts = [\"\"]\n",
        "[routes.r]\npath = \"/r\"\nhosts = [\"*\"]\n",
        "[routes.r]\npath = \"/r\"\nmethods = [\"\"]\n",
        "[routes.r]\npath = \"/r\"\nmethods = [\"get\"]\n",
        "[routes.r]\npath = \"/r\"\nproviders = [\"\"]\n",
        "[routes.r]\npath = \"/r\"\nproviders = [\"q\"]\n",
        "[routes.r]\npath = \"/r\"\nrequire = \"\"\n",
        "[routes.r]\npath = \"/r\"\nrequire = \"none\"\n",
        "[routes.r]\npath = \"/r\"\nrequire = {}\n",
        "[routes.r]\npath = \"/r\"\nrequire = { all = [] }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { any = [] }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { not = {} }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { any = [\"public\"] }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { any = [\"authenticated\"] }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { realm_role = [] }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { realm_role = \"\" }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { scope = \"a b\" }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { client_role = \"x\" }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { claim = { name = \"x\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { claim = { name = \"x\", matches = \"(\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { claim = { name = \"x\", matches = \"a)|(b\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { permission = {} }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { permission = { resource = \"\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { permission = { resource = \"R\", scopes = [\"\"] } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { permission = { resource = \"R#view\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequire = { permission = { resource = \"resource-type-any:x\" } }\n",
        "[routes.r]\npath = \"/r\"\nrequires = \"authenticated\"\n",
        "[routes.r]\npath = \"/r\"\nenforcement = \"off\"\n",
        "[routes.r]\npath = \"/r\"\nintrospection = \"always\"\n",
        "[routes.r]\npath = \"/r\"\nticket = true\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.token]\nalgorithms = []\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.token]\nalgorithms = [\"none\"]\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.token]\nalgorithms = [\"HS256\"]\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.token]\nleeway = \"1h\"\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.token]\nany_audience = true\naudience = [\"x\"]\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.jwks]\npem = \"nowhere.pem\"\n",
        "[routes.r]\npath = \"/r\"\n[providers.p.authorization]\nsettings = \"nowhere.json\"\n",
        "[routes.r]\npath = \"/r\"\n[listener]\ntrusted_proxies = [\"\"]\n",
        "[routes.r]\npath = \"/r\"\n[listener.tls]\ncertificate = \"nowhere\"\nkey = \"nowhere\"\n",
        "[routes.r]\npath = \"/r\"\n[identity]\nauthorization_header = { replace = \"env:NOWHERE\" }\n",
        "[routes.r]\npath = \"/r\"\n[routes.s]\npath = \"/r\"\nrequire = \"public\"\n",
    ] {
        assert!(start(rest).is_err(), "{rest}");
    }
    let alone = "[upstreams.x]\nendpoints = [\"http://127.0.0.1:9\"]\n[routes.r]\npath = \"/r\"\n";
    assert!(
        gatecloak::testing::TestGateway::start(alone).is_err(),
        "no provider for a route that needs a token"
    );
}

#[test]
fn a_preflight_and_an_upgrade_are_judged_before_anything_is_forwarded() {
    let stage = Stage::start(
        "[routes.shared]\npath = \"/shared/*\"\ncors = { origins = [\"https://app.example\"] }\n\
         [routes.own]\npath = \"/own/*\"\n",
    );
    let preflight = |target: &str, origin: &str, method: &str| {
        let headers = [("Origin", origin), ("Access-Control-Request-Method", method)];
        stage.request("OPTIONS", target, &headers, b"")
    };
    let answer = preflight("/shared/x", "https://app.example", "DELETE");
    assert_eq!(answer.status, 204);
    assert_eq!(preflight("/shared/x", "https://evil.example", "DELETE").status, 403);
    assert_eq!(preflight("/shared/x", "null", "DELETE").status, 403);
    assert_eq!(preflight("/own/x", "https://app.example", "GET").status, 401, "a request like any other");
    assert_eq!(stage.request("OPTIONS", "/shared/x", &[], b"").status, 401);
    assert_eq!(stage.request("OPTIONS", "/shared/x", &[("Origin", "https://app.example")], b"").status, 401);
    let upgrade = "GET /own/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\nearly";
    assert!(stage.raw(upgrade).iter().all(|answer| answer.status >= 400));
    assert_eq!(stage.upstream.requests(), 0);
}

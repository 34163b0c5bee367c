//! `/healthz` and `/readyz`, before and after the keys have come, and while draining.

use gatecloak::testing::{DevIdp, EchoUpstream, RawClient, RawResponse, TestGateway};

use super::exposition::Exposition;
use crate::stage::{Stage, demo_realm, start_gateway};
use crate::wire::eventually;

fn ops(gateway: &TestGateway, path: &str) -> RawResponse {
    RawClient::get(gateway.ops_address().expect("an ops listener"), path, &[]).expect("an answer")
}

#[test]
fn it_is_ready_when_the_keys_have_come() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\n");
    assert_eq!(ops(&stage.gateway, "/healthz").status, 200);
    eventually("ready", || ops(&stage.gateway, "/readyz").status == 200);
    let answer = ops(&stage.gateway, "/readyz");
    let expected = serde_json::json!({ "ready": true, "obstacles": [], "warnings": [] });
    assert_eq!(answer.json().expect("JSON"), expected);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// A realm that is down does not take the gateway from the callers of another one; `ops.ready = "all"` is for those who
/// want a rollout to wait for every realm.
#[test]
fn a_provider_without_keys_is_named_until_they_come() {
    let (up, down) = (DevIdp::new(demo_realm()).start(), DevIdp::new(demo_realm()).start());
    let (up, down) = (up.expect("an issuer"), down.expect("an issuer"));
    let (token, late) = (up.token("web", "alice"), down.token("web", "alice"));
    let (token, late) = (token.expect("a token"), late.expect("a token"));
    down.stop();
    let upstream = EchoUpstream::start().expect("an upstream");
    let config = format!(
        "[providers.up]\nissuer = \"{}\"\nclient_id = \"gateway\"\n\
         [providers.down]\nissuer = \"{}\"\nclient_id = \"gateway\"\njwks.cool_down = \"1s\"\n\
         [upstreams.echo]\nendpoints = [\"http://{}\"]\n[routes.all]\npath = \"/*\"\n",
        up.issuer(),
        down.issuer(),
        upstream.address()
    );
    let gateway = start_gateway(&config);
    let strict = start_gateway(&format!("{config}[ops]\nready = \"all\"\n"));
    assert_eq!(ops(&gateway, "/healthz").status, 200, "it lives without them");
    let get = |token: &str| {
        let bearer = format!("Bearer {token}");
        RawClient::get(gateway.address(), "/x", &[("Authorization", &bearer)]).expect("an answer").status
    };
    assert_eq!(get(&token), 200, "the other realm's tokens are good");
    assert_eq!(get(&late), 503);
    let answer = ops(&gateway, "/readyz");
    assert_eq!(answer.status, 200);
    let lacking = serde_json::json!(["provider `down` has no keys"]);
    let expected = serde_json::json!({ "ready": true, "obstacles": [], "warnings": lacking });
    assert_eq!(answer.json().expect("JSON"), expected);
    eventually("one obstacle is left", || {
        ops(&strict, "/readyz").json().expect("JSON")["obstacles"] == lacking
    });
    assert_eq!(ops(&strict, "/readyz").status, 503);
    let ready = |provider| {
        let text = ops(&gateway, "/metrics").text();
        Exposition::parse(&text).value("gatecloak_provider_ready", &[("provider", provider)]) == 1.0
    };
    assert_eq!((ready("up"), ready("down")), (true, false));

    down.restart().expect("the issuer again");
    eventually("ready", || ops(&strict, "/readyz").status == 200);
    eventually("all keys", || (ready("up"), ready("down")) == (true, true));
    assert_eq!(get(&late), 200);
}

#[test]
fn a_gateway_that_never_had_any_keys_is_not_ready() {
    let (one, two) = (DevIdp::new(demo_realm()).start(), DevIdp::new(demo_realm()).start());
    let (one, two) = (one.expect("an issuer"), two.expect("an issuer"));
    one.stop();
    two.stop();
    let gateway = start_gateway(&format!(
        "[providers.one]\nissuer = \"{}\"\nclient_id = \"gateway\"\n\
         [providers.two]\nissuer = \"{}\"\nclient_id = \"gateway\"\n\
         [upstreams.echo]\nendpoints = [\"http://127.0.0.1:9\"]\n[routes.all]\npath = \"/*\"\n",
        one.issuer(),
        two.issuer(),
    ));
    let answer = ops(&gateway, "/readyz");
    assert_eq!(answer.status, 503);
    let expected = serde_json::json!(["provider `one` has no keys", "provider `two` has no keys"]);
    assert_eq!(answer.json().expect("JSON")["obstacles"], expected);

    two.restart().expect("an issuer again");
    eventually("ready by one of them", || ops(&gateway, "/readyz").status == 200);
}

#[test]
fn a_gateway_without_providers_needs_no_keys() {
    let gateway = start_gateway(
        "[upstreams.echo]\nendpoints = [\"http://127.0.0.1:9\"]\n\
         [routes.all]\npath = \"/*\"\nrequire = \"public\"\n",
    );
    assert_eq!(ops(&gateway, "/readyz").status, 200);
}

#[test]
fn a_gateway_that_drains_is_alive_and_not_ready() {
    let stage =
        Stage::start("[listener]\ndrain = \"20s\"\n[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    eventually("ready", || ops(&stage.gateway, "/readyz").status == 200);
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
    eventually("the request is in flight", || stage.upstream.requests() == 1);
    let address = stage.gateway.ops_address().expect("an ops listener");
    let Stage { gateway, .. } = stage;
    let stopping = std::thread::spawn(move || gateway.stop());
    eventually("draining", || {
        let answer = RawClient::get(address, "/readyz", &[]).expect("an answer");
        answer.status == 503 && answer.text().contains("\"draining\"")
    });
    assert_eq!(RawClient::get(address, "/healthz", &[]).expect("an answer").status, 200);
    drop(client);
    stopping.join().expect("it stops");
}

#[test]
fn other_pages_and_methods_are_refused() {
    let stage = Stage::start("[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    assert_eq!(ops(&stage.gateway, "/x").status, 404, "the gateway's routes are not served here");
    assert_eq!(stage.upstream.requests(), 0);
    let address = stage.gateway.ops_address().expect("an ops listener");
    for path in ["/healthz", "/readyz", "/metrics", "/config"] {
        let answer = RawClient::request(address, "POST", path, &[], b"").expect("an answer");
        assert_eq!(answer.status, 405, "{path}");
        let answer = RawClient::request(address, "HEAD", path, &[], b"").expect("an answer");
        assert!(answer.body.is_empty(), "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics", "/config"] {
        assert_eq!(stage.get(path, None).status, 200, "{path} is the upstream's on the public listener");
    }
    assert_eq!(stage.upstream.requests(), 4);
}

#[test]
fn a_listener_that_is_switched_off_is_not_there() {
    let stage = Stage::start("[ops]\nenabled = false\n[routes.all]\npath = \"/*\"\nrequire = \"public\"\n");
    assert_eq!(stage.gateway.ops_address(), None);
    assert_eq!(stage.get("/x", None).status, 200);
}

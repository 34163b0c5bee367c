//! What is answered when the issuer or the upstream does not answer.

use gatecloak::testing::{BadUpstream, Endpoint, Fault, Mint, Misbehaviour, RawResponse};

use super::problem::{check, line_of};
use crate::stage::Stage;

const ROUTES: &str = r#"
[routes.any]
path = "/any/*"
[routes.fresh]
path = "/fresh/*"
introspection = "always"
[routes.orders]
path = "/orders/*"
evaluation = "remote"
require.permission = { scopes = ["view"] }
[routes.tickets]
path = "/tickets/*"
evaluation = "remote"
require.permission = { resource = "Orders", scopes = ["edit"] }
ticket = true
"#;

fn is_unavailable(stage: &Stage, answer: &RawResponse, code: &str) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(check(stage, answer), code);
    let seconds = answer.header("retry-after").expect("when to come back");
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| (1..=60).contains(&seconds)), "{seconds}");
    assert_eq!(answer.header("www-authenticate"), None, "the token may be good");
}

#[test]
fn a_realm_that_cannot_be_asked_is_503_with_retry_after() {
    let stage = Stage::start(ROUTES);
    let (alice, bob) = (stage.token("alice"), stage.token("bob"));
    assert_eq!(stage.status("/any/x", Some(&alice)), 200);
    stage.idp.answer_with(Endpoint::Introspection, Fault::Status(500));
    is_unavailable(&stage, &stage.get("/fresh/x", Some(&alice)), "introspection_unavailable");
    is_unavailable(&stage, &stage.get("/any/x", Some("opaque")), "introspection_unavailable");
    stage.idp.answer_with(Endpoint::Uma, Fault::Status(500));
    is_unavailable(&stage, &stage.get("/orders/1", Some(&bob)), "decision_unavailable");
    assert_eq!(stage.status("/any/x", Some(&alice)), 200, "where nobody is to be asked all is well");

    stage.idp.answer_rightly(Endpoint::Introspection);
    stage.idp.answer_rightly(Endpoint::Uma);
    assert_eq!(stage.status("/fresh/x", Some(&alice)), 200);
    assert_eq!(stage.status("/orders/1", Some(&bob)), 200);
}

#[test]
fn keys_that_never_came_are_503() {
    let stage = Stage::start(ROUTES);
    let (issuer, key) = (stage.idp.issuer(), stage.idp.key());
    stage.idp.stop();
    let gateway = crate::stage::start_gateway(&stage.toml("", ROUTES));
    let stage = Stage { gateway, ..stage };
    let token = Mint::new(&issuer).audience("gateway").sign(&key);
    is_unavailable(&stage, &stage.get("/any/x", Some(&token)), "keys_unavailable");
    let answer = stage.get("/any/x", None);
    assert_eq!((answer.status, check(&stage, &answer).as_str()), (401, "token_missing"));
}

#[test]
fn a_ticket_that_cannot_be_had_is_403_with_a_warning() {
    let stage = Stage::start(ROUTES);
    stage.idp.answer_with(Endpoint::Permission, Fault::Status(500));
    let answer = stage.get("/tickets/1", Some(&stage.token("bob")));
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("warning"), Some("199 - \"UMA Authorization Server Unreachable\""));
    assert_eq!(answer.header("www-authenticate"), None);
    check(&stage, &answer);
    // The caller is not told why; the operator is.
    let line = line_of(&stage, answer.header("x-request-id").expect("an id"));
    let reason = line["error.reason"].as_str().expect("a reason");
    assert!(reason.contains("no ticket") && reason.contains("500"), "{reason}");
    assert!(!answer.text().contains("no ticket"), "{}", answer.text());
}

#[test]
fn an_upstream_that_fails_is_502_or_504_and_named_as_the_source() {
    for (misbehaviour, status, code) in [
        (Misbehaviour::Refuse, 502, "upstream_unreachable"),
        (Misbehaviour::CloseAfterRequest, 502, "upstream_connection_lost"),
        (Misbehaviour::Garbage, 502, "upstream_malformed"),
        (Misbehaviour::Hang, 504, "upstream_timeout"),
    ] {
        let bad = BadUpstream::start(misbehaviour).expect("an upstream");
        let stage = Stage::start(&format!(
            "[upstreams.bad]\nendpoints = [\"http://{}\"]\ntimeouts.first_byte = \"200ms\"\n\
             [routes.all]\npath = \"/*\"\nupstream = \"bad\"\n",
            bad.address()
        ));
        let answer = stage.get("/x", Some(&stage.token("alice")));
        assert_eq!(answer.status, status, "{misbehaviour:?}");
        assert_eq!(check(&stage, &answer), code, "{misbehaviour:?}");
        assert_eq!(answer.json().expect("JSON")["source"], "upstream", "{misbehaviour:?}");
        assert!(!answer.text().contains(&bad.address().to_string()), "{misbehaviour:?} tells an address");
        let line = line_of(&stage, answer.header("x-request-id").expect("an id"));
        assert_eq!((&line["upstream.name"], &line["decision.result"]), (&"bad".into(), &"granted".into()));
    }
}

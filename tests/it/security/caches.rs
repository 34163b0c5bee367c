//! Caches never remember a decision without what it depended on: CVE-2021-32701, CVE-2026-33496, CVE-2026-71326, CVE-2026-2836,
//! GHSA-84rm-mhfq-f476, GHSA-rp9m-7r4c-75qg.

use std::time::{Duration, Instant};

use gatecloak::testing::{Mint, RawClient};

use crate::stage::{Stage, echoed};

const ROUTES: &str = r#"
[routes.me]
path = "/me"
[routes.managers]
path = "/managers"
require = { realm_role = "manager" }
[routes.orders]
path = "/orders/*"
[routes.orders.require.permission]
scopes = ["edit"]
methods = { GET = ["view"] }
"#;

#[test]
fn a_token_proven_on_one_route_is_judged_anew_on_another() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    for _ in 0..3 {
        assert_eq!(stage.status("/me", Some(&bob)), 200);
        assert_eq!(stage.status("/managers", Some(&bob)), 403);
    }
}

#[test]
fn a_connection_that_changes_its_token_changes_its_identity() {
    let stage = Stage::start(ROUTES);
    let (alice, bob) = (stage.token("alice"), stage.token("bob"));
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    for (user, token, managers) in
        [("alice", &alice, 200), ("bob", &bob, 403), ("alice", &alice, 200), ("bob", &bob, 403)]
    {
        let ask =
            |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n");
        client.send(ask("/me")).expect("sent");
        let answer = client.response().expect("an answer");
        assert_eq!(echoed(&answer, "x-auth-username"), [user]);
        client.send(ask("/managers")).expect("sent");
        assert_eq!(client.response().expect("an answer").status, managers, "{user}");
    }
    client.send("GET /me HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
    assert_eq!(client.response().expect("an answer").status, 401, "no token, though the connection had one");
}

#[test]
fn a_permission_for_one_method_or_user_is_none_for_another() {
    let stage = Stage::start(ROUTES);
    let (alice, bob) = (stage.token("alice"), stage.token("bob"));
    let put = |token: &str| {
        let bearer = format!("Bearer {token}");
        stage.request("PUT", "/orders/1", &[("Authorization", &bearer)], b"x").status
    };
    for _ in 0..2 {
        assert_eq!(stage.status("/orders/1", Some(&bob)), 200);
        assert_eq!(put(&bob), 403);
        assert_eq!(put(&alice), 200);
    }
}

#[test]
fn a_reload_that_tightens_a_rule_holds_at_once() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let ask = format!("GET /me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {bob}\r\n\r\n");
    client.send(&ask).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 200);
    let tight = "[routes.me]\npath = \"/me\"\nrequire = { realm_role = \"manager\" }\n";
    stage.gateway.reload_with(&stage.toml("", tight)).expect("reloaded");
    client.send(&ask).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 403, "the same connection, the same token");
    assert_eq!(stage.status("/managers", Some(&bob)), 404, "the route is gone");
}

#[test]
fn a_broken_reload_changes_nothing() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    for broken in [
        "",
        "[routes.me]\npath = 1\n",
        "[routes.me\n",
        "[routes.me]\npath = \"/me\"\nupstream = \"nobody\"\n",
    ] {
        let toml = if broken.is_empty() { String::new() } else { stage.toml("", broken) };
        stage.gateway.reload_with(&toml).expect_err("a broken configuration");
        assert_eq!(stage.status("/me", Some(&bob)), 200);
        assert_eq!(stage.status("/managers", Some(&bob)), 403);
    }
}

#[test]
fn a_token_that_expires_is_refused_also_where_it_was_proven() {
    let stage = Stage::start_with("token.leeway = \"0s\"", ROUTES);
    let mint = || Mint::new(&stage.idp.issuer()).audience("gateway").expires_in(3).sign(&stage.idp.key());
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let mut ask = |token: &str| {
        let request = format!("GET /me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n");
        client.send(request).expect("sent");
        client.response().expect("an answer").status
    };
    let begin = Instant::now();
    let token = loop {
        let token = mint();
        if ask(&token) == 200 {
            break token;
        }
        assert!(begin.elapsed() < Duration::from_secs(30), "it is never accepted");
    };
    while ask(&token) == 200 {
        assert!(begin.elapsed() < Duration::from_secs(30), "it is accepted for ever");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(ask(&token), 401);
    assert_eq!(stage.status("/me", Some(&token)), 401);
    assert_eq!(ask(&mint()), 200, "the connection is still good");
}

//! Caches never remember a decision without what it depended on: CVE-2021-32701, CVE-2026-33496, CVE-2026-71326, CVE-2026-2836,
//! GHSA-84rm-mhfq-f476, GHSA-rp9m-7r4c-75qg.

use std::time::{Duration, Instant};

use gatecloak::testing::{DevIdp, Mint, OldKeys, RawClient, SigningKey};

use crate::stage::{Stage, demo_realm, echoed, start_gateway};

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

/// Two realms that sign with the very same key: the issuer alone tells them apart, before and after a token is remembered.
#[test]
fn a_token_of_one_provider_is_none_for_a_route_of_another_though_they_share_a_key() {
    let key = SigningKey::shared(gatecloak::config::Algorithm::ES256);
    let issuers = ["https://sso.example.com/realms/a", "https://sso.example.com/realms/b"];
    let toml = format!(
        "[upstreams.x]\nendpoints = [\"http://127.0.0.1:9\"]\n\
         [providers.a]\nissuer = \"{}\"\nclient_id = \"gateway\"\njwks.pem = \"key.pem\"\n\
         [providers.b]\nissuer = \"{}\"\nclient_id = \"gateway\"\njwks.pem = \"key.pem\"\n\
         [routes.a]\npath = \"/a\"\nproviders = [\"a\"]\n[routes.b]\npath = \"/b\"\nproviders = [\"b\"]\n\
         [routes.both]\npath = \"/both\"\n",
        issuers[0], issuers[1]
    );
    let pem = key.public_pem();
    let files: &[(&str, &[u8])] = &[("key.pem", pem.as_bytes())];
    let gateway = gatecloak::testing::TestGateway::start_with(&toml, files).expect("a gateway");
    let mut client = RawClient::connect(gateway.address()).expect("a connection");
    let [a, b] = issuers.map(|issuer| Mint::new(issuer).user("bob").audience("gateway").sign(&key));
    // The upstream is not there, so 502 is what passes.
    let ways = [
        ("/a", &a, 502),
        ("/b", &a, 401),
        ("/both", &a, 502),
        ("/b", &a, 401),
        ("/b", &b, 502),
        ("/a", &b, 401),
    ];
    for (path, token, expected) in ways.into_iter().chain(ways) {
        let bearer = format!("Bearer {token}");
        let alone =
            RawClient::get(gateway.address(), path, &[("Authorization", &bearer)]).expect("an answer");
        assert_eq!(alone.status, expected, "{path}");
        client
            .send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: {bearer}\r\n\r\n"))
            .expect("sent");
        assert_eq!(client.response().expect("an answer").status, expected, "{path}, on a used connection");
    }
}

/// How a token was proven keeps it apart: what the realm said counts for no route that wants the signature, and the
/// signature not for one that wants the realm's word.
#[test]
fn a_token_proven_by_its_signature_is_not_proven_by_the_realm() {
    let stage = Stage::start(
        "[routes.signature]\npath = \"/signature\"\nintrospection = \"never\"\n\
         [routes.realm]\npath = \"/realm\"\nintrospection = \"always\"\n",
    );
    let bob = stage.token("bob");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let mut ask = |path: &str, token: &str| {
        client
            .send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"))
            .expect("sent");
        client.response().expect("an answer").status
    };
    assert_eq!(ask("/signature", &bob), 200);
    stage.idp.revoke_sessions("bob");
    for _ in 0..2 {
        assert_eq!(ask("/realm", &bob), 401, "revoked, though its signature is remembered");
        assert_eq!(ask("/signature", &bob), 200, "good until it expires, as the route says");
    }
    for opaque in ["2YotnFZFEjr1zCsicMWpAA", "x"] {
        assert_eq!(ask("/realm", opaque), 401);
        assert_eq!(ask("/signature", opaque), 401);
    }
}

#[test]
fn a_token_whose_key_was_withdrawn_is_refused_though_it_is_remembered() {
    let stage = Stage::start_with("jwks.refetch_after = \"200ms\"\njwks.cool_down = \"100ms\"", ROUTES);
    let bob = stage.token("bob");
    let mut client = RawClient::connect(stage.gateway.address()).expect("a connection");
    let ask = format!("GET /me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {bob}\r\n\r\n");
    client.send(&ask).expect("sent");
    assert_eq!(client.response().expect("an answer").status, 200);
    stage.idp.rotate_keys(OldKeys::Withdraw);
    let begin = std::time::Instant::now();
    loop {
        client.send(&ask).expect("sent");
        if client.response().expect("an answer").status == 401 {
            break;
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(15), "the withdrawn key is good for ever");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(stage.status("/me", Some(&stage.token("bob"))), 200, "the new key is good");
}

/// A reload that moves a provider's name to another realm leaves nothing of the old one.
#[test]
fn a_provider_that_became_another_realm_forgets_the_old_ones_keys_tokens_and_decisions() {
    let stage = Stage::start(ROUTES);
    let bob = stage.token("bob");
    assert_eq!(stage.status("/me", Some(&bob)), 200);
    assert_eq!(stage.status("/orders/1", Some(&bob)), 200);
    let other = DevIdp::new(demo_realm()).start().expect("another issuer");
    let moved = stage.toml("", ROUTES).replace(&stage.idp.issuer(), &other.issuer());
    stage.gateway.reload_with(&moved).expect("reloaded");
    for path in ["/me", "/orders/1"] {
        assert_eq!(stage.status(path, Some(&bob)), 401, "{path}");
    }
    assert_eq!(stage.status("/me", Some(&other.token("web", "bob").expect("a token"))), 200);
    let tight = stage.toml("token.authorized_parties = [\"nobody\"]", ROUTES);
    stage.gateway.reload_with(&tight).expect("reloaded");
    assert_eq!(stage.status("/me", Some(&bob)), 401, "the old realm again, with another rule for its tokens");
    drop(start_gateway(&tight));
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

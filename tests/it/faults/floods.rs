//! What a peer can make up without end takes bounded memory: tokens, paths, hosts, subjects.

use gatecloak::testing::{DevIdp, EchoUpstream, Mint, RawClient, SigningKey};

use super::child::Child;
use super::scene::connect;
use crate::stage::demo_realm;

/// Generous: nothing of a flood may stay but what the caches are allowed, which is 3 MiB here.
const GROWTH_MIB: f64 = 24.0;

struct Flood {
    child: Child,
    idp: DevIdp,
    _upstream: EchoUpstream,
}

impl Flood {
    fn new() -> Self {
        let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
        // Signing costs least with such a key.
        idp.use_key(
            SigningKey::fresh(gatecloak::config::Algorithm::EdDSA),
            gatecloak::testing::OldKeys::Withdraw,
        );
        let upstream = EchoUpstream::start().expect("an upstream");
        let child = Child::start(&format!(
            r#"
[telemetry.access_log]
enabled = false
[upstreams.echo]
endpoints = ["http://{upstream}"]
[providers.demo]
issuer = "{issuer}"
client_id = "gateway"
client_secret = "file:secret"
authorization.settings = "authorization.json"
authorization.cache.bytes = "1MiB"
token.cache_bytes = "1MiB"
introspection.cache_bytes = "1MiB"
[routes.all]
path = "/*"
[routes.orders]
path = "/orders/*"
evaluation = "remote"
require = {{ permission = {{ scopes = ["view"] }} }}
"#,
            upstream = upstream.address(),
            issuer = idp.issuer(),
        ));
        Self { child, idp, _upstream: upstream }
    }

    fn mint(&self, number: usize) -> Mint {
        let subject = format!("00000000-0000-4000-8000-{number:012}");
        Mint::new(&self.idp.issuer()).subject(&subject).audience("gateway").realm_roles(&["reader"])
    }

    /// Sends requests, the first tenth of which only warms up; checks each status, and the memory at the end.
    fn run(&self, count: usize, expected: u16, request: impl Fn(usize) -> String) {
        let mut client = connect(self.child.address);
        let mut send = |number: usize| {
            client.send(request(number)).expect("sent");
            assert_eq!(client.response().expect("an answer").status, expected, "request {number}");
        };
        (0..count / 10).for_each(&mut send);
        let (before, lines) = (self.child.resident_mib(), self.child.metrics().lines().count());
        (count / 10..count).for_each(&mut send);
        let growth = self.child.resident_mib() - before;
        assert!(growth < GROWTH_MIB, "{growth} MiB for {count} requests");
        let more = self.child.metrics().lines().count().saturating_sub(lines);
        assert!(more < 50, "{more} more lines of metrics");
    }
}

fn get(target: &str, host: &str, token: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n")
}

#[test]
fn valid_tokens_without_end_take_bounded_memory() {
    let flood = Flood::new();
    let key = flood.idp.key();
    // Unlike each other in subject, path and host too.
    flood.run(6000, 200, |number| {
        let token = flood.mint(number).claim("padding", "x".repeat(8000)).sign(&key);
        get(&format!("/{number}"), &format!("host-{number}.example"), &token)
    });
}

#[test]
fn forged_tokens_without_end_take_bounded_memory() {
    let flood = Flood::new();
    let key = flood.idp.key();
    let padding = "x".repeat(10_000);
    flood.run(9000, 401, |number| match number % 3 {
        0 => get("/a", "a", &format!("garbage-{number}-{padding}")),
        1 => get("/a", "a", &flood.mint(number).claim("padding", &*padding).bad_signature(&key)),
        _ => {
            let made_up = key.clone().with_kid(&format!("{number}-{padding}"));
            get("/a", "a", &flood.mint(number).sign(&made_up))
        }
    });
}

#[test]
fn decisions_without_end_take_bounded_memory() {
    let flood = Flood::new();
    let token = flood.idp.token("web", "bob").expect("a token");
    let other = flood.idp.token("web", "alice").expect("a token");
    // Every path is a question of its own to the gateway, though all are one resource to the realm.
    flood.run(2000, 200, |number| {
        let token = if number % 2 == 0 { &token } else { &other };
        get(&format!("/orders/{number}?{}", "q".repeat(1000)), "a", token)
    });
    let uma = flood.idp.calls(gatecloak::testing::Endpoint::Uma);
    assert!(uma <= 4, "{uma} calls for two tokens and one resource");
    assert_eq!(RawClient::get(flood.child.ops, "/readyz", &[]).expect("an answer").status, 200);
}

//! What the tests of faults share.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use gatecloak::testing::{BadUpstream, Mint, Misbehaviour, RawClient, RawResponse};

use crate::stage::Stage;

/// Generous: nothing waits for it unless it fails.
pub(crate) const BOUND: Duration = Duration::from_secs(30);

/// Polls until it holds.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < BOUND, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A token of a reader of the realm, made here: it differs from every other one.
pub(crate) fn reader(stage: &Stage) -> Mint {
    Mint::new(&stage.idp.issuer()).user("bob").audience("gateway").realm_roles(&["reader"])
}

/// The head of a request without a body on a connection that stays.
pub(crate) fn head(path: &str, token: Option<&str>) -> String {
    let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n{bearer}\r\n")
}

/// A request on a connection that stays.
pub(crate) fn ask(client: &mut RawClient, path: &str, token: Option<&str>) -> RawResponse {
    client.send(head(path, token)).expect("sent");
    client.response().expect("an answer")
}

pub(crate) fn connect(address: SocketAddr) -> RawClient {
    RawClient::connect(address).expect("a connection")
}

/// An upstream that misbehaves, and a gateway with the public route `/bad` to it and `/good` to one that does not.
pub(crate) fn with_bad_upstream(misbehaviour: Misbehaviour, settings: &str) -> (BadUpstream, Stage) {
    let upstream = BadUpstream::start(misbehaviour).expect("an upstream");
    let stage = Stage::start(&format!(
        r#"
[upstreams.bad]
endpoints = ["http://{}"]
{settings}
[routes.bad]
path = "/bad"
upstream = "bad"
require = "public"
[routes.guarded]
path = "/guarded"
upstream = "bad"
[routes.good]
path = "/good/*"
upstream = "echo"
require = "public"
"#,
        upstream.address()
    ));
    (upstream, stage)
}

//! The whole way of a request, over sockets: the development issuer, an upstream that tells what it was sent.

use std::time::Duration;

use futures_util::FutureExt;
use serde_json::Value;

use super::*;

use crate::testing::{
    DevIdp, EchoUpstream, Endpoint, Fault, Mint, RawClient, RawResponse, Realm, TestGateway,
};

mod answers;
mod forwarding;
mod permissions;
mod tokens;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// The cast of a test.
struct Scene {
    idp: DevIdp,
    upstream: EchoUpstream,
    gateway: TestGateway,
}

impl Scene {
    /// With these routes, to `upstream`.
    fn with(routes: &str) -> Self {
        Self::with_provider("", routes)
    }

    fn with_provider(provider: &str, routes: &str) -> Self {
        let idp = DevIdp::new(realm()).start().unwrap();
        let upstream = EchoUpstream::start().unwrap();
        let toml = format!(
            "[providers.demo]\nissuer = \"{}\"\nclient_id = \"gateway\"\nclient_secret = \"file:secret\"\n{provider}\n\
             [upstreams.echo]\nendpoints = [\"http://{}\"]\n{routes}",
            idp.issuer(),
            upstream.address()
        );
        let gateway = TestGateway::start_with(&toml, &[("secret", b"demo-gateway-secret")]).unwrap();
        Self { idp, upstream, gateway }
    }

    /// A token of a user of the realm, that the gateway accepts.
    fn token(&self) -> Mint {
        Mint::new(&self.idp.issuer()).user("alice").audience("gateway").realm_roles(&["reader"])
    }

    fn sign(&self, mint: Mint) -> String {
        format!("Bearer {}", mint.sign(&self.idp.key()))
    }

    fn get(&self, target: &str, headers: &[(&str, &str)]) -> RawResponse {
        RawClient::get(self.gateway.address(), target, headers).unwrap()
    }

    fn get_as(&self, mint: Mint, target: &str) -> RawResponse {
        self.get(target, &[("Authorization", &self.sign(mint))])
    }

    fn raw(&self, bytes: &str) -> Vec<RawResponse> {
        RawClient::raw(self.gateway.address(), bytes).unwrap()
    }
}

fn realm() -> Realm {
    Realm::demo().unwrap()
}

#[test]
fn a_panic_is_a_refusal_and_nothing_more() {
    let broken = || async { std::hint::black_box(Err::<(), _>("broken")).map_err(|word| panic!("{word}")) };
    let refused = shielded(broken()).now_or_never().unwrap().unwrap_err();
    assert!(matches!(*refused.rejection, Rejection::Internal));
    assert_eq!(shielded(async { Ok(1) }).now_or_never().unwrap().unwrap(), 1);
}

/// What the upstream was sent under a name; it tells a list of pairs.
fn sent(response: &RawResponse, name: &str) -> Vec<String> {
    let told = response.json().unwrap();
    let pairs = told["headers"].as_array().unwrap();
    let named =
        pairs.iter().filter(|pair| pair[0].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name)));
    named.map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
}

fn code(response: &RawResponse) -> String {
    let told: Value = response.json().unwrap();
    told["code"].as_str().unwrap_or_default().to_owned()
}

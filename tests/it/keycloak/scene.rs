//! A gateway in front of an echo upstream, guarding with the tokens of one realm.

use std::net::SocketAddr;

use gatecloak::testing::{EchoUpstream, TestGateway};
use reqwest::blocking::{Client, Response};
use serde_json::Value;

use super::admin::Realm;

pub(crate) struct Scene {
    pub(crate) realm: Realm,
    _upstream: Option<EchoUpstream>,
    pub(crate) gateway: TestGateway,
    http: Client,
}

/// The routes of most tests.
pub(crate) const ROUTES: &str = r#"
[routes.anyone]
path = "/anyone"
[routes.managers]
path = "/managers/*"
require = { realm_role = "manager" }
[routes.readers]
path = "/readers/*"
require = { realm_role = "reader" }
[routes.staff]
path = "/staff/*"
require = { group = "/staff" }
[routes.fresh]
path = "/fresh/*"
introspection = "always"
"#;

impl Scene {
    /// Starts it: `provider` are further lines of `[providers.kc]`, `rest` the tables after it.
    pub(crate) fn start(realm: Realm, provider: &str, rest: &str) -> Self {
        let upstream = EchoUpstream::start().expect("an upstream");
        let scene = Self::in_front_of(upstream.address(), realm, provider, rest);
        Self { _upstream: Some(upstream), ..scene }
    }

    /// The same with another upstream.
    pub(crate) fn in_front_of(upstream: SocketAddr, realm: Realm, provider: &str, rest: &str) -> Self {
        let toml = format!(
            r#"
[listener]
address = "127.0.0.1:0"
workers = 2
[ops]
address = "127.0.0.1:0"
[telemetry.access_log]
enabled = false
[upstreams.echo]
endpoints = ["http://{upstream}"]
[providers.kc]
issuer = "{issuer}"
client_id = "gateway"
client_secret = "file:secret"
{provider}
{rest}
"#,
            issuer = realm.issuer(),
        );
        let gateway = TestGateway::start_with(&toml, &[("secret", b"gateway-secret\n")])
            .unwrap_or_else(|error| panic!("{:?}", error.problems));
        Self { realm, _upstream: None, gateway, http: Client::builder().build().expect("an HTTP client") }
    }

    pub(crate) fn ops(&self) -> SocketAddr {
        self.gateway.ops_address().expect("an ops listener")
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Response {
        let mut request = self.http.get(format!("http://{}{path}", self.gateway.address()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().expect("an answer of the gateway")
    }

    pub(crate) fn status(&self, path: &str, token: Option<&str>) -> u16 {
        self.get(path, token).status().as_u16()
    }

    /// The challenge and the code of a refusal.
    pub(crate) fn refusal(&self, path: &str, token: Option<&str>) -> (u16, String, String) {
        let answer = self.get(path, token);
        let challenge =
            answer.headers().get("www-authenticate").map(|value| value.to_str().expect("text").to_owned());
        let status = answer.status().as_u16();
        let body: Value = answer.json().unwrap_or_default();
        (status, challenge.unwrap_or_default(), body["code"].as_str().unwrap_or_default().to_owned())
    }
}

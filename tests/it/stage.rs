//! The development issuer, an echo upstream and a gateway in front of it.

use gatecloak::testing::{DevIdp, EchoUpstream, RawClient, RawResponse, Realm, TestGateway};
use serde_json::Value;

/// A route for each thing that a request can need of the realm: nothing, its keys, its word on the token, a decision.
pub(crate) const EVERY_NEED: &str = r#"
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
evaluation = "remote"
require = { permission = { scopes = ["view"] } }
"#;

pub(crate) struct Stage {
    pub(crate) idp: DevIdp,
    pub(crate) upstream: EchoUpstream,
    pub(crate) gateway: TestGateway,
}

impl Stage {
    /// Issuer with the demo's realm, echo upstream, and a gateway with these routes (and other tables).
    pub(crate) fn start(routes: &str) -> Self {
        Self::start_with("", routes)
    }

    /// The same with further lines of `[providers.demo]`.
    pub(crate) fn start_with(provider: &str, routes: &str) -> Self {
        let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
        let upstream = EchoUpstream::start().expect("an upstream");
        let toml = toml(&idp, &upstream, provider, routes);
        let gateway = start_gateway(&toml);
        Self { idp, upstream, gateway }
    }

    /// The configuration with other routes, for a reload.
    pub(crate) fn toml(&self, provider: &str, routes: &str) -> String {
        toml(&self.idp, &self.upstream, provider, routes)
    }

    /// An access token of a user of the demo's realm.
    pub(crate) fn token(&self, user: &str) -> String {
        self.idp.token("web", user).expect("a token")
    }

    /// One request with these headers.
    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> RawResponse {
        RawClient::request(self.gateway.address(), method, target, headers, body).expect("an answer")
    }

    pub(crate) fn get(&self, target: &str, token: Option<&str>) -> RawResponse {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<_> = bearer.iter().map(|bearer| ("Authorization", bearer.as_str())).collect();
        self.request("GET", target, &headers, b"")
    }

    pub(crate) fn status(&self, target: &str, token: Option<&str>) -> u16 {
        self.get(target, token).status
    }

    /// Everything the gateway answers to these bytes.
    pub(crate) fn raw(&self, bytes: impl AsRef<[u8]>) -> Vec<RawResponse> {
        RawClient::raw(self.gateway.address(), bytes).expect("an answer")
    }
}

pub(crate) fn demo_realm() -> Realm {
    Realm::demo().expect("a realm")
}

pub(crate) fn start_gateway(toml: &str) -> TestGateway {
    let files: &[(&str, &[u8])] = &[
        ("secret", b"demo-gateway-secret\n"),
        ("authorization.json", include_bytes!("../../config/authorization.json")),
    ];
    TestGateway::start_with(toml, files).unwrap_or_else(|error| panic!("{:?}", error.problems))
}

fn toml(idp: &DevIdp, upstream: &EchoUpstream, provider: &str, routes: &str) -> String {
    format!(
        r#"
[upstreams.echo]
endpoints = ["http://{upstream}"]
[providers.demo]
issuer = "{issuer}"
client_id = "gateway"
client_secret = "file:secret"
authorization.settings = "authorization.json"
{provider}
{routes}
"#,
        upstream = upstream.address(),
        issuer = idp.issuer(),
    )
}

/// The values that an echo answer tells of a header, in order; names in any case.
pub(crate) fn echoed(answer: &RawResponse, name: &str) -> Vec<String> {
    let echo = answer.json().expect("the echo");
    let headers = echo["headers"].as_array().expect("headers").clone();
    let named =
        headers.into_iter().filter(|pair| pair[0].as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)));
    named.map(|pair| pair[1].as_str().expect("text").to_owned()).collect()
}

/// The path that an echo answer tells.
pub(crate) fn echoed_path(answer: &RawResponse) -> String {
    let echo: Value = answer.json().expect("the echo");
    echo["path"].as_str().expect("a path").to_owned()
}

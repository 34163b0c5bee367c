//! What is explained is what the gateway does: each request is made, and asked about.

use base64::Engine as _;
use gatecloak::authz::{Basis, UserNames};
use gatecloak::config;
use gatecloak::gateway::{Explanation, Gateway, Probe, ProbeAnswer, ProbeCaller};
use http::HeaderMap;
use serde_json::Value;

use crate::answers::{id_of, line_of};
use crate::stage::Stage;

/// Every kind of condition, and everybody who may decide.
const ROUTES: &str = r#"
[routes.MODE_orders]
path = "/MODE/orders"
evaluation = "MODE"
require.permission = { resource = "Orders", scopes = ["edit"], methods = { GET = ["view"] } }
[routes.MODE_prices]
path = "/MODE/prices"
evaluation = "MODE"
require.permission = { resource = "Prices" }
[routes.MODE_either]
path = "/MODE/either"
evaluation = "MODE"
require = { any = [
    { permission = { resource = "Prices" } },
    { permission = { resource = "Orders", scopes = ["view", "edit"], mode = "any" } },
] }
[routes.MODE_not]
path = "/MODE/not"
evaluation = "MODE"
require = { not = { permission = { resource = "Orders", scopes = ["edit"] } } }
[routes.MODE_nothing]
path = "/MODE/nothing"
evaluation = "MODE"
require = { not = { permission = { resource = "Nothing" } } }
[routes.MODE_claims]
path = "/MODE/claims"
evaluation = "MODE"
require = { all = [{ realm_role = "manager" }, { permission = { resource = "Orders", scopes = ["edit"] } }] }
[routes.MODE_pushing]
path = "/MODE/pushing"
evaluation = "MODE"
pushed_claims = { path = "{request.relativePath}" }
require.permission = { resource = "Orders", scopes = ["view"] }
[routes.MODE_fresh]
path = "/MODE/fresh"
evaluation = "MODE"
introspection = "always"
require.permission = { resource = "Orders", scopes = ["view"] }
[routes.MODE_lost]
path = "/MODE/lost"
evaluation = "MODE"
require.permission = { scopes = ["view"] }
[routes.MODE_trial]
path = "/MODE/trial"
evaluation = "MODE"
enforcement = "permissive"
require.permission = { resource = "Orders", scopes = ["edit"] }
"#;

const PATHS: [&str; 10] =
    ["orders", "prices", "either", "not", "nothing", "claims", "pushing", "fresh", "lost", "trial"];

const MODES: [&str; 3] = ["local", "remote", "local-or-remote"];

#[test]
fn the_gateway_does_what_is_explained() {
    let routes: String = MODES.map(|mode| ROUTES.replace("MODE", mode)).concat();
    // Nothing is remembered: what Keycloak has said before comes before the settings.
    let forgetful = "authorization.cache = { allow_ttl = \"0s\", deny_ttl = \"0s\" }";
    let stage = Stage::start_with(forgetful, &routes);
    let explainer = Explainer::of(&stage);
    let mut seen = Vec::new();
    for user in ["alice", "bob", "carol"] {
        let token = stage.token(user);
        for (mode, path, method) in MODES.iter().flat_map(|mode| {
            PATHS.iter().flat_map(move |path| ["GET", "PUT"].map(|method| (mode, path, method)))
        }) {
            let target = format!("/{mode}/{path}");
            let bearer = format!("Bearer {token}");
            let answer = stage.request(method, &target, &[("Authorization", &bearer)], b"");
            let line = line_of(&stage, &id_of(&answer));
            let explained = explainer.explain(&format!("{method} {target}"), &token);
            agree(&explained, answer.status, &line);
            seen.push(explained.answer);
        }
    }
    // A comparison of nothing would agree.
    for kind in
        [ProbeAnswer::Allowed, ProbeAnswer::Refused, ProbeAnswer::Unavailable, ProbeAnswer::AsksKeycloak]
    {
        assert!(seen.contains(&kind), "{kind:?}");
    }
}

fn agree(explained: &Explanation, status: u16, line: &Value) {
    let requirement = explained.requirement.as_ref().expect("a requirement");
    let source = line["decision.source"].as_str().expect("a source");
    match explained.answer {
        ProbeAnswer::AsksKeycloak => {
            assert_eq!((source, requirement.basis), ("keycloak", Basis::Keycloak), "{line}");
            if line["decision.remote_reason"] != Value::Null {
                assert_eq!(line["decision.remote_reason"].as_str(), requirement.remote_reason.as_deref());
            }
        }
        ProbeAnswer::Allowed => assert_eq!(status, 200, "{explained:?}\n{line}"),
        answer => {
            assert_eq!(Some(status), answer.status(), "{explained:?}\n{line}");
            assert_eq!(line["error.code"], explained.code, "{line}");
            assert_eq!(line["error.reason"], explained.reason, "{line}");
            let trace = requirement.refusal.as_ref().and_then(|refusal| refusal.trace.as_ref());
            let told = trace.map(|trace| trace.summary(UserNames::Included));
            assert_eq!(line["decision.explanation"].as_str(), told.as_deref(), "{line}");
        }
    }
    if explained.answer != ProbeAnswer::AsksKeycloak && line["decision.result"] == "granted" {
        let by = if requirement.basis == Basis::Settings { "local" } else { requirement.basis.name() };
        assert_eq!(source, by, "{explained:?}\n{line}");
    }
}

/// A gateway of the same configuration that serves nobody.
struct Explainer {
    gateway: Gateway,
    _runtime: tokio::runtime::Runtime,
}

impl Explainer {
    fn of(stage: &Stage) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let folder = stage.gateway.folder();
        let loaded = config::load(&folder.join("gateway.toml"), &[]).expect("a configuration");
        let gateway = Gateway::compile(&loaded.config, folder, runtime.handle(), None).expect("a gateway");
        Self { gateway, _runtime: runtime }
    }

    fn explain(&self, request: &str, token: &str) -> Explanation {
        let payload = token.split('.').nth(1).expect("a payload");
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64");
        let caller = ProbeCaller::Token { provider: None, claims: &claims, introspected: false };
        let headers = HeaderMap::new();
        let probe = Probe { request, caller, headers: &headers, client: None, now: now(), open_ended: false };
        self.gateway.explain(&probe).expect("a request")
    }
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    i64::try_from(since.as_secs()).expect("a number")
}

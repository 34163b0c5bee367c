//! A gateway that is made of a policy enforcer's file.

use std::net::SocketAddr;

use gatecloak::testing::{EchoUpstream, TestGateway};
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::keycloak::admin::Realm;

pub(super) const USERS: [&str; 3] = ["alice", "bob", "carol"];

/// The upstream of every gateway here.
const CONFIG: &str = r#"
[telemetry.access_log]
enabled = false
[upstreams.echo]
endpoints = ["http://UPSTREAM"]
[enforcers.NAME]
file = "policy-enforcer.json"
SETTINGS
"#;

pub(super) struct Enforced {
    pub(super) realm: Realm,
    gateway: TestGateway,
    _upstream: EchoUpstream,
    http: Client,
}

/// What a request needs, in the words of Keycloak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// These scopes of a resource, or one of them; no scope: the resource.
    Permission { resource: &'static str, scopes: Vec<&'static str>, one_is_enough: bool },
    /// A good token.
    Token,
    /// Nothing.
    Public,
    /// No path is in charge.
    Nowhere,
}

impl Asked {
    pub(super) fn all(resource: &'static str, scopes: &[&'static str]) -> Self {
        Self::Permission { resource, scopes: scopes.to_vec(), one_is_enough: false }
    }

    pub(super) fn any(resource: &'static str, scopes: &[&'static str]) -> Self {
        Self::Permission { resource, scopes: scopes.to_vec(), one_is_enough: true }
    }

    /// What Keycloak says when it is asked for the permission.
    pub(super) fn by_keycloak(&self, realm: &Realm, token: &str) -> Option<bool> {
        let Self::Permission { resource, scopes, one_is_enough } = self else { return None };
        let permission = format!("{resource}#{}", scopes.join(","));
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"),
            ("audience", "gateway"),
            ("response_mode", "permissions"),
            ("permission", permission.trim_end_matches('#')),
        ];
        let (status, answer) = realm.token_endpoint(&form, Some(token));
        let Some(entry) = answer.get(0).filter(|_| status == 200) else { return Some(false) };
        let granted = |scope: &&str| {
            entry["scopes"].as_array().is_some_and(|granted| granted.iter().any(|known| known == scope))
        };
        let mut scopes = scopes.iter();
        Some(scopes.len() == 0 || if *one_is_enough { scopes.any(granted) } else { scopes.all(granted) })
    }
}

impl Enforced {
    /// `part` are the members of the file beside those of the client; the routes are called by the name.
    pub(super) fn start(realm: Realm, part: Value, name: &str) -> Self {
        let settings = realm.authorization_settings().to_string();
        Self::with(realm, part, name, ("settings = \"authorization.json\"", &settings))
    }

    pub(super) fn without_settings(realm: Realm, part: Value, name: &str) -> Self {
        Self::with(realm, part, name, ("", ""))
    }

    /// Fetches the settings, again and again.
    pub(super) fn fetching(realm: Realm, part: Value, name: &str) -> Self {
        realm.lets_the_gateway_fetch();
        Self::with(realm, part, name, ("fetch = true", ""))
    }

    fn with(realm: Realm, part: Value, name: &str, (line, settings): (&str, &str)) -> Self {
        let mut file = json!({
            "realm": realm.name, "auth-server-url": realm.server.url, "resource": "gateway",
            "credentials": { "secret": "gateway-secret" },
        });
        file.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
        let file = file.to_string();
        let upstream = EchoUpstream::start().expect("an upstream");
        let toml = CONFIG
            .replace("UPSTREAM", &upstream.address().to_string())
            .replace("NAME", name)
            .replace("SETTINGS", line);
        let files = [("policy-enforcer.json", file.as_bytes()), ("authorization.json", settings.as_bytes())];
        let gateway =
            TestGateway::start_with(&toml, &files).unwrap_or_else(|error| panic!("{:?}", error.problems));
        Self { realm, gateway, _upstream: upstream, http: Client::new() }
    }

    pub(super) fn ops(&self) -> SocketAddr {
        self.gateway.ops_address().expect("an ops listener")
    }

    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
    ) -> reqwest::blocking::Response {
        let url = format!("http://{}{path}", self.gateway.address());
        let mut request = self.http.request(method.parse().expect("a method"), url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().expect("an answer of the gateway")
    }

    pub(super) fn status(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
    ) -> u16 {
        self.send(method, path, token, headers).status().as_u16()
    }
}

/// Other authorization settings for the client `gateway`, and a confidential client `app`.
pub(super) fn representation(realm: &mut Value) {
    let clients = realm["clients"].as_array_mut().expect("clients");
    let mut app = clients.iter().find(|client| client["clientId"] == "web").expect("a client").clone();
    for (member, value) in
        [("clientId", json!("app")), ("publicClient", json!(false)), ("secret", json!("app-secret"))]
    {
        app[member] = value;
    }
    clients.push(app);
    let gateway = clients.iter_mut().find(|client| client["clientId"] == "gateway").expect("a client");
    gateway["authorizationSettings"] = settings();
}

fn settings() -> Value {
    let policy = |name: &str, kind: &str, logic: &str, config: Value| json!({ "name": name, "type": kind, "logic": logic, "decisionStrategy": "UNANIMOUS", "config": config });
    let role = |name: &str, role: &str| {
        let roles = json!([{ "id": role, "required": true }]).to_string();
        policy(name, "role", "POSITIVE", json!({ "roles": roles }))
    };
    let tenant = |name: &str, logic: &str, pattern: &str| {
        let config =
            json!({ "targetClaim": "tenant", "pattern": pattern, "targetContextAttributes": "true" });
        policy(name, "regex", logic, config)
    };
    let applied = |policies: &[&str]| json!(policies).to_string();
    let stored_readers = json!({ "roles": json!([{ "id": "reader" }]).to_string(), "fetchRoles": "true" });
    let permission = |resource: &str, scope: &str, applied: &str| {
        let config = json!({
            "resources": json!([resource]).to_string(), "scopes": json!([scope]).to_string(),
            "applyPolicies": json!([applied]).to_string(),
        });
        policy(&format!("{resource} {scope}"), "scope", "POSITIVE", config)
    };
    let resource = |name: &str, uri: &str, scopes: &[&str]| {
        let scopes: Vec<Value> = scopes.iter().map(|scope| json!({ "name": scope })).collect();
        json!({ "name": name, "uris": [uri], "scopes": scopes })
    };
    json!({
        "policyEnforcementMode": "ENFORCING", "decisionStrategy": "UNANIMOUS", "allowRemoteResourceManagement": true,
        "scopes": Vec::from(["view", "edit", "delete", "GET", "POST"].map(|scope| json!({ "name": scope }))),
        "resources": [
            resource("Orders", "/orders/*", &["view", "edit", "delete"]),
            resource("Reports", "/reports/*", &["view", "edit"]),
            resource("Everything", "/*", &["view"]),
            resource("Admin", "/admin/*", &["view"]),
            resource("User5", "/users/5", &["view"]),
            resource("Users", "/users/{id}", &["view"]),
            resource("Verbs", "/verbs", &["GET", "POST"]),
            resource("Tenants", "/tenants", &["view"]),
            resource("Guarded", "/guarded", &["view"]),
            resource("Stored", "/stored", &["view"]),
        ],
        "policies": [
            role("readers", "reader"),
            role("managers", "manager"),
            tenant("of acme", "POSITIVE", "acme"),
            tenant("not of evil", "NEGATIVE", "evil"),
            // Whose roles Keycloak looks up: nobody else can.
            policy("stored readers", "role", "POSITIVE", stored_readers),
            policy("stored readers of acme", "aggregate", "POSITIVE",
                json!({ "applyPolicies": applied(&["of acme", "stored readers"]) })),
            permission("Stored", "view", "stored readers of acme"),
            permission("Orders", "view", "readers"),
            permission("Orders", "edit", "managers"),
            permission("Orders", "delete", "managers"),
            permission("Reports", "view", "managers"),
            permission("Reports", "edit", "managers"),
            permission("Everything", "view", "readers"),
            permission("Admin", "view", "managers"),
            permission("User5", "view", "managers"),
            permission("Users", "view", "readers"),
            permission("Verbs", "GET", "readers"),
            permission("Verbs", "POST", "managers"),
            permission("Tenants", "view", "of acme"),
            permission("Guarded", "view", "not of evil"),
        ],
    })
}

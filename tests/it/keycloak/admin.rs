//! What the tests need of Keycloak's Admin API, and tokens.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::server::Keycloak;

/// The administrator of a server.
pub(crate) struct Admin {
    url: String,
    user: String,
    password: String,
    http: Client,
    token: Mutex<(String, Instant)>,
}

impl Admin {
    pub(crate) fn login(url: &str, user: &str, password: &str) -> Self {
        let http = Client::builder().timeout(Duration::from_secs(60)).build().expect("an HTTP client");
        let (url, user, password) = (url.to_owned(), user.to_owned(), password.to_owned());
        let token = Mutex::new((String::new(), Instant::now()));
        let admin = Self { url, user, password, http, token };
        admin.renew();
        admin
    }

    /// The same administrator, for the same server.
    pub(crate) fn again(&self) -> Self {
        Self::login(&self.url, &self.user, &self.password)
    }

    fn renew(&self) -> String {
        let form = [
            ("client_id", "admin-cli"),
            ("grant_type", "password"),
            ("username", &self.user),
            ("password", &self.password),
        ];
        let url = format!("{}/realms/master/protocol/openid-connect/token", self.url);
        let answer: Value = self.http.post(url).form(&form).send().expect("an answer").json().expect("JSON");
        let token = answer["access_token"].as_str().expect("an admin token").to_owned();
        *self.token.lock() = (token.clone(), Instant::now());
        token
    }

    fn token(&self) -> String {
        let (token, since) = self.token.lock().clone();
        if since.elapsed() < Duration::from_secs(30) { token } else { self.renew() }
    }

    fn send(&self, request: RequestBuilder) -> Response {
        let answer = request.bearer_auth(self.token()).send().expect("an answer of Keycloak");
        let (status, url) = (answer.status(), answer.url().clone());
        if !status.is_success() {
            panic!("{url}: {status}: {}", answer.text().unwrap_or_default());
        }
        answer
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.send(self.http.get(format!("{}/admin/realms{path}", self.url))).json().expect("JSON")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) {
        self.send(self.http.post(format!("{}/admin/realms{path}", self.url)).json(body));
    }

    pub(crate) fn delete(&self, path: &str) {
        self.send(self.http.delete(format!("{}/admin/realms{path}", self.url)));
    }
}

/// A realm of one test; it is removed at the end.
pub(crate) struct Realm {
    pub(crate) server: &'static Keycloak,
    pub(crate) name: String,
}

impl Realm {
    /// Makes a realm with the clients, users and roles of the tests (see `representation`), changed by `change`.
    pub(crate) fn create(server: &'static Keycloak, change: impl FnOnce(&mut Value)) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("gatecloak-test-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut body = representation(&name);
        change(&mut body);
        server.admin.post("", &body);
        Self { server, name }
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/realms/{}", self.server.url, self.name)
    }

    /// A path under this realm in the Admin API.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/{}{rest}", self.name)
    }

    pub(crate) fn admin(&self) -> &Admin {
        &self.server.admin
    }

    /// The internal id of a client.
    pub(crate) fn client(&self, client_id: &str) -> String {
        let found = self.admin().get(&self.path(&format!("/clients?clientId={client_id}")));
        found[0]["id"].as_str().expect("a client").to_owned()
    }

    /// The internal id of a user.
    pub(crate) fn user(&self, username: &str) -> String {
        let found = self.admin().get(&self.path(&format!("/users?exact=true&username={username}")));
        found[0]["id"].as_str().expect("a user").to_owned()
    }

    /// Lets the gateway's service account read the settings.
    pub(crate) fn lets_the_gateway_fetch(&self) {
        self.gives_the_gateway(&["view-clients", "manage-authorization"]);
    }

    /// Gives the gateway's service account roles over the realm.
    pub(crate) fn gives_the_gateway(&self, roles: &[&str]) {
        let client = self.client("realm-management");
        let roles: Vec<Value> = roles
            .iter()
            .map(|role| self.admin().get(&self.path(&format!("/clients/{client}/roles/{role}"))))
            .collect();
        self.admin().post(&self.rights_of_the_gateway(), &Value::Array(roles));
    }

    /// Takes that right away again.
    pub(crate) fn lets_the_gateway_fetch_no_more(&self) {
        self.admin().delete(&self.rights_of_the_gateway());
    }

    fn rights_of_the_gateway(&self) -> String {
        let (user, client) = (self.user("service-account-gateway"), self.client("realm-management"));
        self.path(&format!("/users/{user}/role-mappings/clients/{client}"))
    }

    /// The authorization settings of the client `gateway`, as Keycloak exports them.
    pub(crate) fn authorization_settings(&self) -> Value {
        let client = self.client("gateway");
        self.admin().get(&self.path(&format!("/clients/{client}/authz/resource-server/settings")))
    }

    /// The token endpoint's answer to a form; panics unless it is a success.
    pub(crate) fn token_answer(&self, form: &[(&str, &str)]) -> HashMap<String, Value> {
        let (status, body) = self.token_endpoint(form, None);
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body).expect("an object")
    }

    /// The token endpoint's status and answer.
    pub(crate) fn token_endpoint(&self, form: &[(&str, &str)], bearer: Option<&str>) -> (u16, Value) {
        let url = format!("{}/protocol/openid-connect/token", self.issuer());
        let mut request = self.admin().http.post(url).form(form);
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        let answer = request.send().expect("an answer");
        (answer.status().as_u16(), answer.json().expect("JSON"))
    }

    /// An access token of a user (the password is the username), got by the client `web`.
    pub(crate) fn access_token(&self, user: &str) -> String {
        self.tokens(user, "web")["access_token"].as_str().expect("an access token").to_owned()
    }

    /// All tokens of a user, got by a public client, with an ID token among them.
    pub(crate) fn tokens(&self, user: &str, client: &str) -> HashMap<String, Value> {
        self.token_answer(&[
            ("client_id", client),
            ("grant_type", "password"),
            ("scope", "openid"),
            ("username", user),
            ("password", user),
        ])
    }
}

impl Drop for Realm {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.admin().delete(&self.path(""));
        }
    }
}

/// The claims of a token, unproven.
pub(crate) fn claims(token: &str) -> Vec<u8> {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).expect("a payload");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64url")
}

/// The audience mapper that puts the gateway's client into `aud`.
fn audience_mapper() -> Value {
    json!({
        "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": { "included.client.audience": "gateway", "access.token.claim": "true", "introspection.token.claim": "true" }
    })
}

fn groups_mapper() -> Value {
    json!({
        "name": "groups", "protocol": "openid-connect", "protocolMapper": "oidc-group-membership-mapper",
        "config": { "claim.name": "groups", "full.path": "true", "access.token.claim": "true", "introspection.token.claim": "true" }
    })
}

fn public_client(id: &str, more: Value) -> Value {
    let mut client = json!({
        "clientId": id, "publicClient": true, "directAccessGrantsEnabled": true, "standardFlowEnabled": false,
        "fullScopeAllowed": true, "protocolMappers": [audience_mapper(), groups_mapper()],
    });
    client.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    client
}

fn user(name: &str, roles: &[&str], groups: &[&str]) -> Value {
    json!({
        "username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
        "firstName": name, "lastName": "Example", "groups": groups, "realmRoles": roles,
        "credentials": [{ "type": "password", "value": name, "temporary": false }],
    })
}

/// The cast: alice (reader, manager, group /staff), bob (reader), carol (nothing); clients `gateway` (confidential, with
/// authorization services), `web` (public), `light` (lightweight tokens), `batch` (service account).
fn representation(realm: &str) -> Value {
    let role_policy = |name: &str, role: &str| {
        json!({ "name": name, "type": "role", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
            "config": { "roles": json!([{ "id": role, "required": true }]).to_string() } })
    };
    let permission = |name: &str, resource: &str, scopes: &[&str], policy: &str| {
        json!({ "name": name, "type": "scope", "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS",
            "config": { "resources": json!([resource]).to_string(), "scopes": json!(scopes).to_string(),
                "applyPolicies": json!([policy]).to_string() } })
    };
    json!({
        "realm": realm, "enabled": true, "sslRequired": "none", "accessTokenLifespan": 300,
        "roles": { "realm": [{ "name": "reader" }, { "name": "manager" }] },
        "groups": [{ "name": "staff" }],
        "users": [
            user("alice", &["reader", "manager"], &["/staff"]),
            user("bob", &["reader"], &[]),
            user("carol", &[], &[]),
        ],
        "clients": [
            {
                "clientId": "gateway", "secret": "gateway-secret", "publicClient": false, "serviceAccountsEnabled": true,
                "authorizationServicesEnabled": true, "standardFlowEnabled": false,
                "authorizationSettings": {
                    "policyEnforcementMode": "ENFORCING", "decisionStrategy": "UNANIMOUS", "allowRemoteResourceManagement": true,
                    "scopes": [{ "name": "view" }, { "name": "edit" }],
                    "resources": [
                        { "name": "Orders", "uris": ["/orders/*"], "scopes": [{ "name": "view" }, { "name": "edit" }] },
                        { "name": "Reports", "uris": ["/reports/*"], "scopes": [{ "name": "view" }] },
                    ],
                    "policies": [
                        role_policy("readers", "reader"),
                        role_policy("managers", "manager"),
                        permission("readers view orders", "Orders", &["view"], "readers"),
                        permission("managers edit orders", "Orders", &["edit"], "managers"),
                        permission("managers view reports", "Reports", &["view"], "managers"),
                    ],
                },
            },
            public_client("web", json!({})),
            public_client("light", json!({ "attributes": { "client.use.lightweight.access.token.enabled": "true" } })),
            {
                "clientId": "batch", "secret": "batch-secret", "publicClient": false, "serviceAccountsEnabled": true,
                "standardFlowEnabled": false, "protocolMappers": [audience_mapper()],
            },
        ],
    })
}

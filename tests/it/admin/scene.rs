//! A realm of its own on the real server, and an administrator of the server.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use gatecloak::admin::{AdminClient, Realm};
use gatecloak::connection::{
    Body, ClientProof, ConnectionSettings, Login, LoginGrant, Method, Request, Response,
};
use serde_json::{Value, json};

use crate::keycloak::keycloak;

/// A realm that ends with the test.
pub(crate) struct Scene {
    pub(crate) url: String,
    pub(crate) admin: AdminClient,
    pub(crate) realm: Realm,
    pub(crate) name: String,
    runtime: tokio::runtime::Runtime,
}

impl Scene {
    /// An empty realm; `None` where there is no Keycloak and none is required.
    pub(crate) fn new() -> Option<Self> {
        Self::with(&json!({}))
    }

    /// The same with these members in its representation.
    pub(crate) fn with(members: &Value) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let keycloak = keycloak()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("admin-{}-{number}", std::process::id());
        let mut representation = json!({"realm": name, "enabled": true});
        for (member, value) in members.as_object().expect("an object") {
            representation[member.as_str()] = value.clone();
        }
        keycloak.admin.post("", &representation);
        let admin =
            AdminClient::connect(ConnectionSettings::new(&keycloak.url), login()).expect("an admin client");
        let realm = admin.realm(&name);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Some(Self { url: keycloak.url.clone(), admin, realm, name, runtime })
    }

    /// Whether the server is older than this version.
    pub(crate) fn is_before(&self, version: [u32; 3]) -> bool {
        static VERSION: OnceLock<[u32; 3]> = OnceLock::new();
        let found = VERSION.get_or_init(|| {
            let info = self.run(self.admin.server_info()).expect("the server's information");
            let text = info["systemInfo"]["version"].as_str().expect("a version");
            let mut numbers = text.split('.').map(|number| number.parse().expect("a number"));
            std::array::from_fn(|_| numbers.next().expect("three numbers"))
        });
        *found < version
    }

    /// The realm's token endpoint: status and answer.
    pub(crate) fn token_endpoint(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let form = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let path = format!("realms/{}/protocol/openid-connect/token", self.name);
        let request = Request::new(Method::Post, path).body(Body::Form(form));
        let answer = self.run(self.admin.session().connection().send(&request)).expect("an answer");
        (answer.status, answer.value())
    }

    /// Runs a future to its end.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// The id of a client.
    pub(crate) fn client(&self, client_id: &str) -> String {
        let admin = &keycloak().expect("the server").admin;
        let found = admin.get(&format!("/{}/clients?clientId={client_id}", self.name));
        found[0]["id"].as_str().expect("a client").to_owned()
    }

    /// The token endpoint's answer to the name and password of a user.
    pub(crate) fn log_in(&self, client_id: &str, username: &str, password: &str, scope: &str) -> Response {
        let form = [
            ("grant_type", "password"),
            ("client_id", client_id),
            ("username", username),
            ("password", password),
            ("scope", scope),
        ];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let path = format!("realms/{}/protocol/openid-connect/token", self.name);
        let request = Request::new(Method::Post, path).body(Body::Form(form));
        self.run(self.admin.session().connection().send(&request)).expect("an answer")
    }
}

impl Drop for Scene {
    /// Without a panic of its own, which would end the whole run where the test has failed.
    fn drop(&mut self) {
        let removed = self.run(self.realm.delete());
        assert!(removed.is_ok() || std::thread::panicking(), "the realm `{}` stays: {removed:?}", self.name);
    }
}

/// The login of the server's administrator.
pub(crate) fn login() -> Login {
    let password = std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned());
    Login {
        realm: "master".to_owned(),
        client_id: "admin-cli".to_owned(),
        proof: ClientProof::Public,
        grant: LoginGrant::Password {
            username: std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned()),
            password: password.into(),
            totp: None,
        },
        scope: String::new(),
    }
}

/// A member that is a text.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("`{member}` of {value}"))
}

/// The names of a list.
pub(crate) fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| text(item, "name")).collect()
}

/// A user who may log in with the name as the password.
pub(crate) fn person(name: &str) -> Value {
    json!({
        "username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
        "firstName": name, "lastName": "Example",
        "credentials": [{"type": "password", "value": name, "temporary": false}],
    })
}

/// A name with everything that a path has to encode.
pub(crate) const AWKWARD: &str = "a/b;c%2F d#e?f+g=\u{e9}\u{4e2d}";

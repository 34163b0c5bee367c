//! A realm of its own on the real server, and an administrator of the server.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use gatecloak::admin::{AdminClient, Realm};
use gatecloak::connection::{Body, ClientProof, ConnectionSettings, Login, LoginGrant, Method, Request};
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
}

impl Drop for Scene {
    fn drop(&mut self) {
        if let Some(keycloak) = keycloak() {
            keycloak.admin.delete(&format!("/{}", self.name));
        }
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

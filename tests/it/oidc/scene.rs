//! A realm with two users, a shop with authorization services, and a public client.

use std::ops::Deref;

use gatecloak::connection::{CallError, ClientProof, Connection, ConnectionSettings, ErrorClass};
use gatecloak::oidc::{RealmClient, TokenRequest};
use serde_json::{Value, json};

/// Where the browser is sent back to; nobody is there.
pub(super) const REDIRECT: &str = "http://localhost:1/back?x=%C3%A4&y=a+b";

/// The realm, and its clients.
pub(super) struct Scene {
    inner: crate::admin::Scene,
    pub(super) shop: RealmClient,
    pub(super) public: RealmClient,
}

impl Scene {
    /// alice is a manager of the shop, bob is nothing.
    pub(super) fn new() -> Option<Self> {
        Self::with(json!({}))
    }

    /// The same with these members in the realm's representation.
    pub(super) fn with(members: Value) -> Option<Self> {
        let mut realm = representation();
        for (member, value) in members.as_object().expect("an object") {
            realm[member.as_str()] = value.clone();
        }
        let inner = crate::admin::Scene::with(&realm)?;
        let connection = Connection::open(ConnectionSettings::new(&inner.url)).expect("a connection");
        let client =
            |id: &str, proof| RealmClient::new(connection.clone(), inner.name.clone(), id.to_owned(), proof);
        let shop = client("shop", ClientProof::SecretPost("shop-secret".into()));
        let public = client("public", ClientProof::Public);
        Some(Self { shop, public, inner })
    }

    /// Another client of the realm.
    pub(super) fn client(&self, id: &str, proof: ClientProof) -> RealmClient {
        RealmClient::new(self.shop.connection().clone(), self.name.clone(), id, proof)
    }

    /// The tokens of a user whose password is the name, got by a client.
    pub(super) fn tokens(&self, client: &RealmClient, user: &str) -> Value {
        self.run(client.token(TokenRequest::password(user, user).scope("openid"))).expect("tokens")
    }

    /// An access token of a user, got by the public client; the shop is in its audience.
    pub(super) fn token(&self, user: &str) -> String {
        text(&self.tokens(&self.public, user), "access_token")
    }
}

impl Deref for Scene {
    type Target = crate::admin::Scene;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

/// A member that is a text.
pub(super) fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {value}")).to_owned()
}

/// The class and status of an error.
pub(super) fn class<T: std::fmt::Debug>(result: Result<T, CallError>) -> (ErrorClass, Option<u16>) {
    let error = result.expect_err("an error");
    (error.class(), error.status())
}

fn representation() -> Value {
    let audience = json!({
        "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": {"included.client.audience": "shop", "access.token.claim": "true", "introspection.token.claim": "true"},
    });
    let user = |name: &str, roles: Value| {
        json!({
            "username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
            "firstName": name, "lastName": "Example", "clientRoles": {"shop": roles},
            "credentials": [{"type": "password", "value": name, "temporary": false}],
        })
    };
    let policy = |name: &str, kind: &str, config: Value| json!({"name": name, "type": kind, "logic": "POSITIVE", "decisionStrategy": "UNANIMOUS", "config": config});
    json!({
        "sslRequired": "none", "accessTokenLifespan": 300,
        "roles": {"client": {"shop": [{"name": "manager"}, {"name": "writer"}]}},
        "users": [user("alice", json!(["manager"])), user("bob", json!([]))],
        "clients": [
            {
                "clientId": "shop", "secret": "shop-secret", "publicClient": false, "serviceAccountsEnabled": true,
                "directAccessGrantsEnabled": true, "standardFlowEnabled": true, "redirectUris": ["http://localhost:1/*"],
                "authorizationServicesEnabled": true, "protocolMappers": [audience],
                "attributes": {
                    "standard.token.exchange.enabled": "true", "oauth2.device.authorization.grant.enabled": "true",
                },
                "authorizationSettings": {
                    "policyEnforcementMode": "ENFORCING", "decisionStrategy": "UNANIMOUS",
                    "allowRemoteResourceManagement": true,
                    "scopes": [{"name": "read"}, {"name": "write"}],
                    "resources": [
                        {"name": "Doc", "uris": ["/docs/*"], "scopes": [{"name": "read"}, {"name": "write"}]},
                        {"name": "Bare", "uris": ["/bare"]},
                        {"name": "Closed", "uris": ["/closed"], "scopes": [{"name": "read"}]},
                    ],
                    "policies": [
                        policy("managers", "role", json!({"roles": r#"[{"id":"shop/manager","required":true}]"#})),
                        policy("writers", "role", json!({"roles": r#"[{"id":"shop/writer","required":true}]"#})),
                        policy("read docs", "scope", json!({
                            "resources": r#"["Doc"]"#, "scopes": r#"["read"]"#, "applyPolicies": r#"["managers"]"#,
                        })),
                        policy("write docs", "scope", json!({
                            "resources": r#"["Doc"]"#, "scopes": r#"["write"]"#, "applyPolicies": r#"["writers"]"#,
                        })),
                        policy("bare", "resource", json!({
                            "resources": r#"["Bare"]"#, "applyPolicies": r#"["managers"]"#,
                        })),
                    ],
                },
            },
            {
                "clientId": "public", "publicClient": true, "directAccessGrantsEnabled": true,
                "standardFlowEnabled": true, "redirectUris": ["http://localhost:1/*"], "protocolMappers": [audience],
                "attributes": {
                    "oauth2.device.authorization.grant.enabled": "true", "oauth2.device.polling.interval": "1",
                },
            },
        ],
    })
}

//! The tokens' claims, in Keycloak 26's shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::realm::{ProtocolMapper, RealmClient, RealmUser, uuid};
use super::state::{Session, State};
use crate::testing::mint::now;

/// Seconds that a refresh token lives.
pub(super) const REFRESH_LIFESPAN: i64 = 1800;

/// How a token came to be, as the prefix of its `jti` tells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    Password,
    ClientCredentials,
    Refresh,
    Uma,
}

impl Origin {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Password => "onrtro",
            Self::ClientCredentials => "trrtcc",
            Self::Refresh => "onrtrt",
            Self::Uma => "onrtna",
        }
    }
}

impl State {
    /// The claims of an access token with everything in it.
    pub(super) fn access_claims(&self, session: &Session, origin: Origin) -> Option<Map<String, Value>> {
        let user = self.realm.user(&session.username)?;
        let client = self.realm.client(&session.client)?;
        let mut claims = self.frame("Bearer", session, self.realm.access_token_lifespan);
        claims.insert("jti".to_owned(), json!(format!("{}:{}", origin.prefix(), uuid(fastrand::u128(..)))));
        claims.insert("sub".to_owned(), json!(user.subject()));
        claims.insert("scope".to_owned(), json!(session.scope));

        let (realm_roles, mut client_roles) = self.realm.effective_roles(&user);
        if is_service_account(&user, client) {
            claims.remove("sid");
            claims.insert("client_id".to_owned(), json!(client.client_id));
            claims.insert("clientHost".to_owned(), json!("127.0.0.1"));
            claims.insert("clientAddress".to_owned(), json!("127.0.0.1"));
            if client.authorization().is_some() {
                client_roles.insert((client.client_id.clone(), "uma_protection".to_owned()));
            }
        }
        let mut audience = BTreeSet::new();
        if client.full_scope_allowed {
            if !realm_roles.is_empty() {
                claims.insert("realm_access".to_owned(), json!({ "roles": realm_roles }));
            }
            let mut access: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (owner, role) in &client_roles {
                access.entry(owner).or_default().push(role);
            }
            // Keycloak's "audience resolve" mapper: the clients that the caller has roles of, but not the caller's own.
            audience.extend(
                access.keys().filter(|owner| **owner != client.client_id).map(|owner| (*owner).to_owned()),
            );
            let access: Map<_, _> = access
                .into_iter()
                .map(|(owner, roles)| (owner.to_owned(), json!({ "roles": roles })))
                .collect();
            if !access.is_empty() {
                claims.insert("resource_access".to_owned(), Value::Object(access));
            }
        }
        profile(&mut claims, &user, &session.scope);
        mappers(&mut claims, &mut audience, client, &user);
        set_audience(&mut claims, audience);
        Some(claims)
    }

    /// The access token of a session: as it is, or lightweight.
    pub(super) fn access_token(&self, session: &Session, origin: Origin) -> Option<String> {
        let mut claims = self.access_claims(session, origin)?;
        let client = self.realm.client(&session.client)?;
        if client.is_lightweight() {
            let mut kept = vec!["exp", "iat", "jti", "iss", "typ", "azp", "sid", "scope"];
            let marked = client
                .protocol_mappers
                .iter()
                .filter(|mapper| mapper.get("lightweight.claim") == Some("true"));
            // Audience mappers have no claim name.
            kept.extend(marked.map(|mapper| mapper.get("claim.name").unwrap_or("aud")));
            claims.retain(|name, _| kept.contains(&name.as_str()));
        }
        Some(self.sign(&claims))
    }

    /// An ID token.
    pub(super) fn id_token(&self, session: &Session) -> Option<String> {
        let user = self.realm.user(&session.username)?;
        let mut claims = self.frame("ID", session, self.realm.access_token_lifespan);
        claims.insert("sub".to_owned(), json!(user.subject()));
        claims.insert("aud".to_owned(), json!(session.client));
        profile(&mut claims, &user, &session.scope);
        Some(self.sign(&claims))
    }

    /// A refresh token, which only the issuer reads.
    pub(super) fn refresh_token(&self, session: &Session) -> Option<String> {
        let user = self.realm.user(&session.username)?;
        let mut claims = self.frame("Refresh", session, REFRESH_LIFESPAN);
        claims.remove("acr");
        claims.insert("sub".to_owned(), json!(user.subject()));
        claims.insert("aud".to_owned(), json!(self.issuer));
        claims.insert("scope".to_owned(), json!(session.scope));
        Some(self.seal(&claims))
    }

    fn frame(&self, kind: &str, session: &Session, lifespan: i64) -> Map<String, Value> {
        let now = now();
        let claims = json!({
            "exp": now + lifespan,
            "iat": now,
            "jti": uuid(fastrand::u128(..)),
            "iss": self.issuer,
            "typ": kind,
            "azp": session.client,
            "sid": session.id,
            "acr": "1",
        });
        match claims {
            Value::Object(claims) => claims,
            _ => Map::new(),
        }
    }
}

/// `aud` is a text if there is one, a list if there are several, and missing if there is none.
pub(super) fn set_audience(claims: &mut Map<String, Value>, audience: BTreeSet<String>) {
    let mut audience: Vec<_> = audience.into_iter().map(Value::String).collect();
    let value = match audience.len() {
        0 => return,
        1 => audience.remove(0),
        _ => Value::Array(audience),
    };
    claims.insert("aud".to_owned(), value);
}

/// `aud` as a list.
pub(super) fn audience(claims: &Map<String, Value>) -> BTreeSet<String> {
    match claims.get("aud") {
        Some(Value::String(one)) => BTreeSet::from([one.clone()]),
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => BTreeSet::new(),
    }
}

/// Whether this is the user of the client's own service account.
pub(super) fn is_service_account(user: &RealmUser, client: &RealmClient) -> bool {
    user.username.strip_prefix("service-account-").is_some_and(|name| name == client.client_id.to_lowercase())
}

/// What the client scopes `profile` and `email` add.
fn profile(claims: &mut Map<String, Value>, user: &RealmUser, scope: &str) {
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    let has = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
    if has("profile") {
        add("preferred_username", Some(json!(user.username)));
        add("given_name", user.first_name.as_ref().map(|name| json!(name)));
        add("family_name", user.last_name.as_ref().map(|name| json!(name)));
        let names: Vec<_> =
            [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str).collect();
        add("name", (!names.is_empty()).then(|| json!(names.join(" "))));
    }
    if has("email") {
        add("email_verified", Some(json!(user.email_verified)));
        add("email", user.email.as_ref().map(|email| json!(email)));
    }
}

/// What the client's protocol mappers add: audiences, groups, user attributes, fixed claims.
fn mappers(
    claims: &mut Map<String, Value>,
    audience: &mut BTreeSet<String>,
    client: &RealmClient,
    user: &RealmUser,
) {
    let on = |mapper: &&ProtocolMapper| mapper.get("access.token.claim") != Some("false");
    for mapper in client.protocol_mappers.iter().filter(on) {
        let name = mapper.get("claim.name");
        match (mapper.protocol_mapper.as_str(), name) {
            ("oidc-audience-mapper", _) => {
                let named = mapper.get("included.client.audience").or(mapper.get("included.custom.audience"));
                audience.extend(named.map(str::to_owned));
            }
            // Keycloak leaves the claim out where it would be empty.
            ("oidc-group-membership-mapper", Some(name)) if !user.groups.is_empty() => {
                let full = mapper.get("full.path") != Some("false");
                let last = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
                let groups: Vec<_> =
                    user.groups.iter().map(|path| if full { path.clone() } else { last(path) }).collect();
                claims.insert(name.to_owned(), json!(groups));
            }
            ("oidc-usermodel-attribute-mapper", Some(name)) => {
                let values =
                    mapper.get("user.attribute").and_then(|attribute| user.attributes.get(attribute));
                if let Some(values) = values.filter(|values| !values.is_empty()) {
                    let many = mapper.get("multivalued") == Some("true");
                    let value = if many { json!(values) } else { json!(values.first()) };
                    claims.insert(name.to_owned(), value);
                }
            }
            ("oidc-hardcoded-claim-mapper", Some(name)) => {
                claims.insert(name.to_owned(), json!(mapper.get("claim.value")));
            }
            _ => {}
        }
    }
}

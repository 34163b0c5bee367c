//! A realm, as Keycloak exports it: only what the development issuer makes use of; other members are ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Deserialize;

use super::AuthorizationSettings;

/// A realm export.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct Realm {
    pub realm: String,
    /// Seconds.
    #[serde(default = "five_minutes")]
    pub access_token_lifespan: i64,
    #[serde(default)]
    pub roles: RealmRoles,
    #[serde(default)]
    pub groups: Vec<RealmGroup>,
    #[serde(default)]
    pub users: Vec<RealmUser>,
    #[serde(default)]
    pub clients: Vec<RealmClient>,
    #[serde(default)]
    pub default_default_client_scopes: Vec<String>,
    #[serde(default)]
    pub default_optional_client_scopes: Vec<String>,
}

fn five_minutes() -> i64 {
    300
}

impl Realm {
    /// Reads an export. An error if it is not JSON, or not a realm.
    pub fn from_json(text: &str) -> io::Result<Self> {
        let mut realm: Self = serde_json::from_str(text).map_err(|error| {
            io::Error::new(io::ErrorKind::InvalidData, format!("not a realm export of Keycloak: {error}"))
        })?;
        for client in &mut realm.clients {
            if let Some(settings) = &mut client.authorization_settings {
                settings.fill_ids();
            }
        }
        Ok(realm)
    }

    /// The realm of the demo: users `alice` (manager and reader, in `/staff`), `bob` (reader) and `carol`; clients `gateway`,
    /// `web`, `batch`, `light` (lightweight tokens) and `other` (tokens that are not for the gateway).
    pub fn demo() -> io::Result<Self> {
        Self::from_json(include_str!("../../../config/demo-realm.json"))
    }

    /// The client with this id, if it is enabled.
    pub fn client(&self, id: &str) -> Option<&RealmClient> {
        self.clients.iter().find(|client| client.client_id == id && client.enabled)
    }

    /// The user with this name, if enabled; a client with a service account has one of its own.
    pub fn user(&self, name: &str) -> Option<RealmUser> {
        let name = name.to_lowercase();
        if let Some(user) = self.users.iter().find(|user| user.username.to_lowercase() == name) {
            return user.enabled.then(|| user.clone());
        }
        let client = self.client(name.strip_prefix("service-account-")?)?;
        client.service_accounts_enabled.then(|| RealmUser {
            realm_roles: vec![format!("default-roles-{}", self.realm)],
            ..RealmUser::named(&name)
        })
    }

    /// A user's realm roles and client roles (client and role), with those of groups and composites.
    pub fn effective_roles(&self, user: &RealmUser) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
        let mut realm_roles = BTreeSet::new();
        let mut client_roles = BTreeSet::new();
        let mut open: Vec<String> = user.realm_roles.clone();
        let mut add_clients = |roles: &BTreeMap<String, Vec<String>>| {
            for (client, names) in roles {
                client_roles.extend(names.iter().map(|name| (client.clone(), name.clone())));
            }
        };
        add_clients(&user.client_roles);
        for group in self.groups.iter().flat_map(RealmGroup::and_below) {
            if user.groups.iter().any(|path| group.contains(path)) {
                open.extend(group.realm_roles.iter().cloned());
                add_clients(&group.client_roles);
            }
        }
        while let Some(name) = open.pop() {
            if !realm_roles.insert(name.clone()) {
                continue;
            }
            if let Some(role) = self.roles.realm.iter().find(|role| role.name == name) {
                open.extend(role.composites.realm.iter().cloned());
                add_clients(&role.composites.client);
            } else if name == format!("default-roles-{}", self.realm) {
                // Keycloak makes this one by itself, and so it may be missing from a file that a person wrote.
                open.extend(["offline_access".to_owned(), "uma_authorization".to_owned()]);
                let account = ["manage-account", "manage-account-links", "view-profile"];
                add_clients(&BTreeMap::from([("account".to_owned(), account.map(str::to_owned).to_vec())]));
            }
        }
        (realm_roles, client_roles)
    }
}

/// Roles of the realm and of its clients.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmRoles {
    pub realm: Vec<RealmRole>,
    pub client: BTreeMap<String, Vec<RealmRole>>,
}

/// A role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmRole {
    pub name: String,
    pub composites: Composites,
}

/// The roles inside a composite role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct Composites {
    pub realm: Vec<String>,
    pub client: BTreeMap<String, Vec<String>>,
}

/// A group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmGroup {
    pub name: String,
    pub path: String,
    pub realm_roles: Vec<String>,
    pub client_roles: BTreeMap<String, Vec<String>>,
    pub sub_groups: Vec<RealmGroup>,
}

impl RealmGroup {
    fn and_below(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.sub_groups.iter().flat_map(Self::and_below));
        all
    }

    /// Whether `path` is this group or one inside it: members of a subgroup have the roles of its parents.
    fn contains(&self, path: &str) -> bool {
        path.strip_prefix(self.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// A user.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmUser {
    pub id: Option<String>,
    pub username: String,
    pub enabled: bool,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    pub credentials: Vec<RealmCredential>,
    pub realm_roles: Vec<String>,
    pub client_roles: BTreeMap<String, Vec<String>>,
    pub groups: Vec<String>,
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl RealmUser {
    /// A user with a name and nothing else.
    pub fn named(username: &str) -> Self {
        Self { username: username.to_owned(), ..Self::default() }
    }

    /// `sub`: the id of the file, or one that depends on the name alone and so is the same after a restart.
    pub fn subject(&self) -> String {
        self.id.clone().unwrap_or_else(|| stable_id(&self.username))
    }

    /// Whether this is the user's password.
    pub fn has_password(&self, password: &str) -> bool {
        self.credentials
            .iter()
            .any(|credential| credential.kind == "password" && credential.value == password)
    }
}

impl Default for RealmUser {
    fn default() -> Self {
        Self {
            id: None,
            username: String::new(),
            enabled: true,
            first_name: None,
            last_name: None,
            email: None,
            email_verified: false,
            credentials: Vec::new(),
            realm_roles: Vec::new(),
            client_roles: BTreeMap::new(),
            groups: Vec::new(),
            attributes: BTreeMap::new(),
        }
    }
}

/// A credential of a user; only passwords in plain text are understood.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmCredential {
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
}

/// A client.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct RealmClient {
    pub client_id: String,
    pub enabled: bool,
    pub secret: Option<String>,
    pub public_client: bool,
    pub service_accounts_enabled: bool,
    pub direct_access_grants_enabled: bool,
    pub authorization_services_enabled: bool,
    pub authorization_settings: Option<AuthorizationSettings>,
    pub protocol_mappers: Vec<ProtocolMapper>,
    pub default_client_scopes: Option<Vec<String>>,
    pub optional_client_scopes: Option<Vec<String>>,
    pub full_scope_allowed: bool,
    pub attributes: BTreeMap<String, String>,
}

impl RealmClient {
    /// Whether its access tokens are lightweight: without roles and profile, which introspection tells.
    pub fn is_lightweight(&self) -> bool {
        self.attributes
            .get("client.use.lightweight.access.token.enabled")
            .is_some_and(|value| value == "true")
    }

    /// The authorization settings, if authorization services are switched on.
    pub fn authorization(&self) -> Option<&AuthorizationSettings> {
        self.authorization_settings.as_ref().filter(|_| self.authorization_services_enabled)
    }
}

impl Default for RealmClient {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            enabled: true,
            secret: None,
            public_client: false,
            service_accounts_enabled: false,
            direct_access_grants_enabled: false,
            authorization_services_enabled: false,
            authorization_settings: None,
            protocol_mappers: Vec::new(),
            default_client_scopes: None,
            optional_client_scopes: None,
            full_scope_allowed: true,
            attributes: BTreeMap::new(),
        }
    }
}

/// What adds a claim to a client's tokens.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are those of Keycloak's representations")]
pub struct ProtocolMapper {
    pub name: String,
    pub protocol_mapper: String,
    pub config: BTreeMap<String, String>,
}

impl ProtocolMapper {
    /// An entry of its configuration, or nothing.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.config.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// An id in the form of a UUID that depends on the name alone (FNV-1a, 128 bits).
pub(in crate::testing) fn stable_id(name: &str) -> String {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in name.bytes() {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    uuid(hash)
}

/// 128 bits in the form of a UUID.
pub(in crate::testing) fn uuid(bits: u128) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        (bits >> 96) & 0xffff_ffff,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xfff,
        (bits >> 48) & 0xfff,
        bits & 0xffff_ffff_ffff
    )
}

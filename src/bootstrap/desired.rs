//! Wanted state of one realm, as written in a file or derived from a gateway's configuration.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::hidden::Hidden;
use super::task::{ModuleTask, TaskError, WantedClient};

/// What is wanted of one realm. What is not named here is left alone.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// The realm; it has to be there.
    pub realm: String,
    /// Realm roles.
    pub realm_roles: Vec<WantedRole>,
    /// Client scopes with their mappers.
    pub client_scopes: Vec<WantedScope>,
    /// Clients.
    pub clients: Vec<DesiredClient>,
    /// Groups.
    pub groups: Vec<WantedGroup>,
    /// Whose the things are that are made: they are marked with it. `None` marks nothing.
    pub owner: Option<String>,
    /// What must not be shown: it came from references.
    pub(super) hidden: Hidden,
}

/// A client, with what belongs to it and is not part of its representation.
#[derive(Clone, Debug)]
pub struct DesiredClient {
    /// The options of the module.
    pub wanted: WantedClient,
    /// Its roles.
    pub roles: Vec<WantedRole>,
    /// What its own account may do.
    pub service_account: WantedMappings,
}

/// A role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRole {
    /// Its name.
    pub name: String,
    /// Whether it shall be there.
    #[serde(default)]
    pub state: State,
    /// Its description; absent: left as it is.
    pub description: Option<String>,
    /// Its attributes; absent: left as they are.
    pub attributes: Option<BTreeMap<String, Vec<String>>>,
    /// The roles that it brings along; they are added, none is taken away.
    #[serde(default)]
    pub composites: WantedMappings,
}

/// Whether something shall be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It shall.
    #[default]
    Present,
    /// It shall not.
    Absent,
}

/// Roles that somebody shall have; those beside them are left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WantedMappings {
    /// Realm roles.
    pub realm_roles: Vec<String>,
    /// Client roles, by client.
    pub client_roles: BTreeMap<String, Vec<String>>,
}

impl WantedMappings {
    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.realm_roles.is_empty() && self.client_roles.values().all(Vec::is_empty)
    }
}

/// A client scope.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedScope {
    /// Its name.
    pub name: String,
    /// Whether it shall be there.
    #[serde(default)]
    pub state: State,
    /// Its description; absent: left as it is.
    pub description: Option<String>,
    /// Its protocol.
    #[serde(default = "openid")]
    pub protocol: String,
    /// Its attributes; those not named are left alone.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// Its mappers, by their names; those not named are left alone.
    #[serde(default)]
    pub protocol_mappers: Vec<Value>,
    /// Whether new clients of the realm get it.
    #[serde(default)]
    pub assignment: Assignment,
}

/// Whether new clients of a realm get a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// Whatever it is.
    #[default]
    Unchanged,
    /// Always.
    Default,
    /// For those who ask.
    Optional,
    /// Not at all.
    None,
}

/// A group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedGroup {
    /// Its path: `/staff/sales`. Those above it are made as well.
    pub path: String,
    /// Whether it shall be there.
    #[serde(default)]
    pub state: State,
    /// Its attributes; absent: left as they are.
    pub attributes: Option<BTreeMap<String, Vec<String>>>,
    /// The roles of its members; those beside them are left alone.
    #[serde(default)]
    pub roles: WantedMappings,
}

fn openid() -> String {
    "openid-connect".to_owned()
}

/// The file, before its clients are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    realm: String,
    owner: Option<String>,
    #[serde(default)]
    realm_roles: Vec<WantedRole>,
    #[serde(default)]
    client_scopes: Vec<WantedScope>,
    #[serde(default)]
    clients: Vec<Map<String, Value>>,
    #[serde(default)]
    groups: Vec<WantedGroup>,
}

impl Desired {
    /// Marks what is made from now on as this owner's.
    pub(super) fn belong_to(&mut self, owner: Option<String>) {
        self.clients.iter_mut().for_each(|client| client.wanted.owner.clone_from(&owner));
        self.owner = owner;
    }

    /// Reads an object with `realm`, `owner`, `realm_roles`, `client_scopes`, `clients` and `groups`. A client has the options of
    /// the module, and beside them `roles`, `service_account`, and `audiences`: the clients that its tokens are for.
    pub fn read(content: &Value) -> Result<Self, TaskError> {
        let file: File =
            serde_json::from_value(content.clone()).map_err(|error| TaskError(vec![error.to_string()]))?;
        let mut faults = Vec::new();
        let mut clients = Vec::new();
        for (number, options) in file.clients.into_iter().enumerate() {
            match DesiredClient::read(&file.realm, options) {
                Ok(client) => clients.push(client),
                Err(TaskError(found)) => {
                    faults.extend(found.into_iter().map(|fault| format!("`clients.{number}`: {fault}")));
                }
            }
        }
        if !faults.is_empty() {
            return Err(TaskError(faults));
        }
        let File { realm, owner, realm_roles, client_scopes, groups, .. } = file;
        let mut desired = Self {
            realm,
            realm_roles,
            client_scopes,
            clients,
            groups,
            owner: None,
            hidden: Hidden::default(),
        };
        desired.belong_to(owner);
        Ok(desired)
    }
}

/// What a client of a file has beside the options of the module.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Beside {
    roles: Vec<WantedRole>,
    service_account: WantedMappings,
    audiences: Vec<String>,
}

impl DesiredClient {
    /// Reads the options of the module, and what is beside them.
    pub fn read(realm: &str, mut options: Map<String, Value>) -> Result<Self, TaskError> {
        let mut beside = Map::new();
        for name in ["roles", "service_account", "audiences"] {
            beside.extend(options.remove(name).map(|value| (name.to_owned(), value)));
        }
        let beside: Beside = serde_json::from_value(Value::Object(beside))
            .map_err(|error| TaskError(vec![error.to_string()]))?;
        options.insert("realm".to_owned(), Value::from(realm));
        let mut wanted = ModuleTask::read(&options)?.wanted;
        wanted.added_mappers = beside.audiences.iter().map(|audience| audience_mapper(audience)).collect();
        Ok(Self { wanted, roles: beside.roles, service_account: beside.service_account })
    }
}

/// Puts a client into the `aud` of access tokens. Without it Keycloak answers that client's introspection with
/// `"active": false` (since 26.6.2).
pub(super) fn audience_mapper(audience: &str) -> Value {
    serde_json::json!({
        "name": format!("audience-{audience}"),
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {
            "included.client.audience": audience,
            "access.token.claim": "true",
            "id.token.claim": "false",
            "introspection.token.claim": "true",
        },
    })
}

//! One client: what is there, what shall be there, and the way from one to the other.

use serde_json::{Map, Value};

use super::authorization::{self, AuthorizationPlan};
use super::change::Change;
use super::clients::Clients;
use super::default_roles;
use super::error::BootstrapError;
use super::item::Action;
use super::mark;
use super::normal::{self, APART};
use super::scopes::ScopeMoves;
use super::task::{ScopesBehavior, WantedClient};
use crate::admin::Realm;

/// The way from what is there to what is wanted.
#[derive(Clone, Debug, Default)]
pub struct ClientPlan {
    /// What has to be done.
    pub action: Action,
    /// What is there, as Keycloak gives it.
    pub existing: Option<Map<String, Value>>,
    /// What shall be there, as it will be sent.
    pub desired: Option<Map<String, Value>>,
    /// Member by member.
    pub changes: Vec<Change>,
    /// Client scopes to give and to take.
    pub(super) moves: ScopeMoves,
    /// What is wanted where just the listed scopes are: a new client gets some by itself.
    exact: Option<WantedClient>,
    /// The authorization settings that are wanted.
    settings: Option<Map<String, Value>>,
    /// Roles that every user shall have and has not.
    default_roles: Vec<String>,
    /// What was asked for and cannot be had, for people.
    pub notes: Vec<String>,
}

impl ClientPlan {
    /// Finds the client and compares. Only reads.
    pub async fn make(realm: &Realm, wanted: &WantedClient) -> Result<Self, BootstrapError> {
        Self::among(realm, wanted, None).await
    }

    /// The same, where the client is one of these, if they were read.
    pub(super) async fn among(
        realm: &Realm,
        wanted: &WantedClient,
        clients: Option<&Clients>,
    ) -> Result<Self, BootstrapError> {
        let existing = find(realm, wanted, clients).await?;
        Self::compare(realm, wanted, existing).await
    }

    async fn compare(
        realm: &Realm,
        wanted: &WantedClient,
        existing: Option<Map<String, Value>>,
    ) -> Result<Self, BootstrapError> {
        let Some(existing) = existing else {
            if !wanted.present {
                return Ok(Self::default());
            }
            if wanted.must_exist {
                return Err(BootstrapError::NoClient(wanted.label().to_owned()));
            }
            let desired = to_create(realm, wanted).await?;
            let default_roles = default_roles::missing(realm, wanted, None).await?;
            let mut changes = Change::between(&Map::new(), &normal::given(&desired));
            changes.extend(default_roles::change(&default_roles));
            let settings = authorization::wanted(wanted).cloned();
            if let Some(settings) = &settings {
                changes.extend_from_slice(AuthorizationPlan::between(&Map::new(), settings).changes());
            }
            let exact = (wanted.scopes == ScopesBehavior::Idempotent).then(|| wanted.clone());
            let notes = notes(wanted);
            let (action, desired) = (Action::Create, Some(desired));
            return Ok(Self {
                action,
                desired,
                changes,
                exact,
                settings,
                default_roles,
                notes,
                ..Self::default()
            });
        };
        if !wanted.present {
            return Ok(Self { action: Action::Delete, existing: Some(existing), ..Self::default() });
        }
        let moves = ScopeMoves::between(&existing, wanted)?;
        let desired = to_update(realm, wanted, &existing).await?;
        let mut changes = differences(&existing, &desired);
        changes.extend(moves.changes());
        let settings = authorization::wanted(wanted).cloned();
        if let Some(settings) = &settings {
            changes.extend_from_slice(AuthorizationPlan::of(realm, &existing, settings).await?.changes());
        }
        let id = existing.get("id").and_then(Value::as_str);
        let default_roles = default_roles::missing(realm, wanted, id).await?;
        changes.extend(default_roles::change(&default_roles));
        let action = if changes.is_empty() { Action::Keep } else { Action::Update };
        Ok(Self {
            action,
            existing: Some(existing),
            desired: Some(desired),
            changes,
            moves,
            settings,
            default_roles,
            notes: notes(wanted),
            ..Self::default()
        })
    }

    /// What will be there when it is done, as far as it can be known before.
    pub fn end_state(&self) -> Option<Map<String, Value>> {
        match self.action {
            Action::Keep => self.existing.clone(),
            Action::Delete => None,
            Action::Create | Action::Update => self.desired.clone(),
        }
    }

    /// Does what the plan says; gives what is there afterwards.
    pub async fn apply(&self, realm: &Realm) -> Result<Option<Map<String, Value>>, BootstrapError> {
        let clients = realm.clients();
        let id = |client: &Option<Map<String, Value>>| {
            let id = client.as_ref().and_then(|client| client.get("id")).and_then(Value::as_str);
            id.unwrap_or_default().to_owned()
        };
        match self.action {
            Action::Keep => Ok(self.existing.clone()),
            Action::Delete => {
                clients.delete(&id(&self.existing)).await?;
                Ok(None)
            }
            Action::Create => {
                let Some(desired) = &self.desired else { return Ok(None) };
                let id = clients.create(&Value::Object(desired.clone())).await?;
                default_roles::give(realm, &id, &self.default_roles).await?;
                // Keycloak left out of the policies those roles that were not there yet.
                if let Some(settings) = self.settings.as_ref().filter(|_| !self.default_roles.is_empty()) {
                    AuthorizationPlan::make(realm, &id, settings).await?.apply(realm, &id).await?;
                }
                let made = object(clients.get(&id).await?);
                let Some(wanted) = &self.exact else { return Ok(Some(made)) };
                ScopeMoves::between(&made, wanted)?.make(realm, &id).await?;
                Ok(Some(object(clients.get(&id).await?)))
            }
            Action::Update => {
                let Some(desired) = &self.desired else { return Ok(None) };
                let id = id(&self.existing);
                let is_apart = |change: &&Change| {
                    ScopeMoves::is_about(change)
                        || authorization::is_about(change)
                        || default_roles::is_about(change)
                };
                if !self.changes.iter().all(|change| is_apart(&change)) {
                    clients.update(&id, &Value::Object(desired.clone())).await?;
                }
                self.moves.make(realm, &id).await?;
                default_roles::give(realm, &id, &self.default_roles).await?;
                if let Some(settings) = &self.settings
                    && self.changes.iter().any(authorization::is_about)
                {
                    AuthorizationPlan::make(realm, &id, settings).await?.apply(realm, &id).await?;
                }
                Ok(Some(object(clients.get(&id).await?)))
            }
        }
    }
}

/// The client, by its id if that is given, else by its name: among those that were read, if they were.
pub(super) async fn find(
    realm: &Realm,
    wanted: &WantedClient,
    clients: Option<&Clients>,
) -> Result<Option<Map<String, Value>>, BootstrapError> {
    match (&wanted.id, clients) {
        (Some(id), _) => match realm.clients().get(id).await {
            Ok(client) => Ok(Some(object(client))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        },
        (None, Some(clients)) => Ok(clients.get(wanted.label())),
        (None, None) => Ok(realm.clients().find(wanted.label()).await?.map(object)),
    }
}

/// What is sent for a client that is not there. Every switch that Keycloak would turn on by itself is said: a client that
/// names its protocol and not `publicClient` would be public, with direct access grants.
async fn to_create(realm: &Realm, wanted: &WantedClient) -> Result<Map<String, Value>, BootstrapError> {
    if wanted.client_id.is_none() {
        return Err(BootstrapError::NoClientId);
    }
    let mut client = sent(realm, &wanted.fields).await?;
    let protocol = client.entry("protocol").or_insert_with(|| Value::from("openid-connect")).clone();
    if protocol == "openid-connect" {
        for switch in ["publicClient", "directAccessGrantsEnabled"] {
            client.entry(switch).or_insert(Value::Bool(false));
        }
    }
    add_mappers(&mut client, &wanted.added_mappers);
    // Of all that is written only here the settings can come with the client.
    if let Some(settings) = authorization::wanted(wanted) {
        client.insert("authorizationSettings".to_owned(), Value::Object(settings.clone()));
    }
    // Taken at the creation, and then neither changed nor seen again.
    if let Some(token) = wanted.fields.get("registrationAccessToken") {
        client.insert("registrationAccessToken".to_owned(), token.clone());
    }
    if let Some(id) = &wanted.id {
        client.insert("id".to_owned(), Value::from(id.as_str()));
    }
    if wanted.owner.is_some() {
        let attributes = client.entry("attributes").or_insert_with(|| Value::Object(Map::new()));
        attributes.as_object_mut().into_iter().for_each(|own| mark::text(own, wanted.owner.as_deref()));
    }
    Ok(client)
}

/// What is sent for a client that is there: all of it, with what is wanted laid over, so that nothing is lost: a client
/// that comes back without `authorizationServicesEnabled` would lose its authorization settings.
async fn to_update(
    realm: &Realm,
    wanted: &WantedClient,
    existing: &Map<String, Value>,
) -> Result<Map<String, Value>, BootstrapError> {
    let mut client = existing.clone();
    for (name, value) in sent(realm, &wanted.fields).await? {
        let value = match (name.as_str(), value, existing.get(&name)) {
            ("attributes", Value::Object(wanted), Some(Value::Object(there))) => {
                let mut attributes = there.clone();
                // An empty text takes an attribute away.
                attributes.extend(
                    wanted
                        .into_iter()
                        .map(|(name, value)| (name, if value.is_null() { Value::from("") } else { value })),
                );
                Value::Object(attributes)
            }
            ("protocolMappers", Value::Array(wanted), there) => {
                let there = there.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                Value::Array(wanted.into_iter().map(|mapper| identified(mapper, there)).collect())
            }
            // Nodes come by themselves; the server takes none away.
            ("registeredNodes", Value::Object(wanted), Some(Value::Object(there))) => {
                let mut nodes = there.clone();
                nodes.extend(wanted);
                Value::Object(nodes)
            }
            ("secret", _, Some(there)) if normal::is_mask(there) => there.clone(),
            ("defaultClientScopes" | "optionalClientScopes", _, Some(there)) => there.clone(),
            (_, value, _) => value,
        };
        client.insert(name, value);
    }
    add_mappers(&mut client, &wanted.added_mappers);
    Ok(client)
}

/// Each in place of the one of its name, or at the end.
fn add_mappers(client: &mut Map<String, Value>, added: &[Value]) {
    if added.is_empty() {
        return;
    }
    let there = client.get("protocolMappers").and_then(Value::as_array).cloned().unwrap_or_default();
    let same = |mapper: &Value, other: &Value| mapper.get("name") == other.get("name");
    let kept = there.iter().filter(|mapper| !added.iter().any(|new| same(mapper, new))).cloned();
    let new = added.iter().map(|mapper| identified(mapper.clone(), &there));
    let mappers = Value::Array(kept.chain(new).collect());
    client.insert("protocolMappers".to_owned(), mappers);
}

/// The wanted members as Keycloak takes them: attributes and the settings of mappers are texts, flows are ids.
async fn sent(realm: &Realm, fields: &Map<String, Value>) -> Result<Map<String, Value>, BootstrapError> {
    let mut out = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            part if APART.contains(&part) => continue,
            "attributes" => texts(value),
            "protocolMappers" => match value {
                Value::Array(mappers) => Value::Array(mappers.iter().map(mapper).collect()),
                other => other.clone(),
            },
            "authenticationFlowBindingOverrides" => flows(realm, value).await?,
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    Ok(out)
}

fn texts(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), normal::text(value))).collect())
        }
        other => other.clone(),
    }
}

/// A mapper without members that have no value, with texts in its settings.
fn mapper(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let kept = members.iter().filter(|(_, value)| !value.is_null());
    Value::Object(
        kept.map(|(name, value)| (name.clone(), if name == "config" { texts(value) } else { value.clone() }))
            .collect(),
    )
}

/// The mapper with the id of the one that is there under its name, and with what Keycloak added to it.
fn identified(mapper: Value, there: &[Value]) -> Value {
    let Value::Object(mut mapper) = mapper else { return mapper };
    let same = there.iter().find(|own| own.get("name") == mapper.get("name"));
    let Some(same) = same else { return Value::Object(mapper) };
    if let Some(id) = same.get("id") {
        mapper.entry("id").or_insert_with(|| id.clone());
    }
    let there = same.get("config").and_then(Value::as_object);
    if let (Some(there), Some(Value::Object(config))) = (there, mapper.get_mut("config")) {
        for (name, value) in there.iter().filter(|(name, value)| is_added(name, value)) {
            config.entry(name).or_insert_with(|| value.clone());
        }
    }
    Value::Object(mapper)
}

/// Whether a setting of a mapper is one that Keycloak adds: switches that are off, and one for all that write into access
/// tokens.
fn is_added(name: &str, value: &Value) -> bool {
    value == "false" || name == "introspection.token.claim"
}

/// Flows by name become ids; a flow that is not named is left as it is.
async fn flows(realm: &Realm, value: &Value) -> Result<Value, BootstrapError> {
    const FLOWS: [(&str, &[&str], &[&str]); 2] = [
        ("browser", &["browser"], &["browser_name", "browserName"]),
        ("direct_grant", &["direct_grant", "directGrant"], &["direct_grant_name", "directGrantName"]),
    ];
    let Value::Object(members) = value else { return Ok(value.clone()) };
    let given = |names: &[&str]| {
        names.iter().find_map(|name| members.get(*name).filter(|value| !value.is_null())).cloned()
    };
    let mut out = Map::new();
    for (flow, ids, names) in FLOWS {
        match (given(ids), given(names)) {
            (Some(_), Some(_)) => return Err(BootstrapError::FlowTwice(flow)),
            (Some(id), None) => drop(out.insert(flow.to_owned(), id)),
            (None, Some(name)) => {
                let flows = realm.flows().list().await?;
                let found =
                    flows.as_array().into_iter().flatten().find(|own| own.get("alias") == Some(&name));
                let id = found.and_then(|flow| flow.get("id")).cloned();
                out.insert(flow.to_owned(), id.ok_or_else(|| BootstrapError::NoFlow(name.to_string()))?);
            }
            (None, None) => {}
        }
    }
    Ok(Value::Object(out))
}

fn differences(existing: &Map<String, Value>, desired: &Map<String, Value>) -> Vec<Change> {
    let mut changes = Change::between(&normal::normal(existing), &normal::normal(desired));
    let masked = existing.get("secret").is_some_and(normal::is_mask);
    changes.retain(|change| !(masked && change.path == "secret"));
    changes
}

/// What was asked for and does nothing in a Keycloak of today.
fn notes(wanted: &WantedClient) -> Vec<String> {
    let templates = ["clientTemplate", "useTemplateConfig", "useTemplateScope", "useTemplateMappers"];
    let gone = templates
        .into_iter()
        .filter(|name| wanted.fields.get(*name).is_some_and(|value| *value != Value::Bool(false)));
    let mut notes: Vec<String> = gone
        .map(|name| format!("`{name}` does nothing: Keycloak has no client templates any more"))
        .collect();
    let lists = ["defaultClientScopes", "optionalClientScopes"];
    if wanted.scopes == ScopesBehavior::Ignore && lists.iter().any(|list| wanted.fields.contains_key(*list)) {
        notes.push(
            "client scopes of a client that is there are left as they are; `client_scopes_behavior` changes that"
                .to_owned(),
        );
    }
    notes
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

//! Today's state of a realm's things, as wanted state: what it plans is nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::client::object;
use super::desired::{Desired, State};
use super::error::BootstrapError;
use super::mark::{self, MARK};
use super::normal;
use super::option::{OPTIONS, Part};
use super::redact::redacted;
use crate::admin::{Realm, Roles};
use crate::connection::Query;

/// The things that are exported, by their names.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Realm roles.
    pub realm_roles: Vec<String>,
    /// Client scopes.
    pub client_scopes: Vec<String>,
    /// Clients.
    pub clients: Vec<String>,
    /// Groups, by their paths.
    pub groups: Vec<String>,
}

/// Members that are not written, at the value that a new client has anyway.
const USUAL: &[(&str, &str)] = &[
    ("surrogate_auth_required", "false"),
    ("always_display_in_console", "false"),
    ("consent_required", "false"),
    ("bearer_only", "false"),
    ("frontchannel_logout", "false"),
    ("not_before", "0"),
    ("node_re_registration_timeout", "-1"),
    ("full_scope_allowed", "true"),
    ("client_authenticator_type", "\"client-secret\""),
    ("authorization_services_enabled", "false"),
    ("redirect_uris", "[]"),
    ("web_origins", "[]"),
    ("default_client_scopes", "[]"),
    ("optional_client_scopes", "[]"),
    ("protocol_mappers", "[]"),
    ("attributes", "{}"),
    ("authentication_flow_binding_overrides", "{}"),
];

/// Attributes that the server sees to.
const ATTRIBUTES: &[&str] = &[MARK, "client.secret.creation.time", "realm_client"];

impl Selection {
    /// What wanted state names, and does not want away.
    pub fn of(desired: &Desired) -> Self {
        let roles = desired.realm_roles.iter().filter(|role| role.state == State::Present);
        let scopes = desired.client_scopes.iter().filter(|scope| scope.state == State::Present);
        let clients = desired.clients.iter().filter(|client| client.wanted.present);
        let groups = desired.groups.iter().filter(|group| group.state == State::Present);
        let mut clients: Vec<String> = clients.map(|client| client.wanted.label().to_owned()).collect();
        clients.sort();
        clients.dedup();
        Self {
            realm_roles: roles.map(|role| role.name.clone()).collect(),
            client_scopes: scopes.map(|scope| scope.name.clone()).collect(),
            clients,
            groups: groups.map(|group| group.path.clone()).collect(),
        }
    }
}

/// Wanted state that is as the realm is now, without secrets; `name` is the realm's. What is not there is an error.
pub async fn export(realm: &Realm, name: &str, selection: &Selection) -> Result<Value, BootstrapError> {
    let mut file = Map::from_iter([("realm".to_owned(), Value::from(name))]);
    let mut put = |name: &str, things: Vec<Value>| {
        if !things.is_empty() {
            file.insert(name.to_owned(), Value::Array(things));
        }
    };
    let mut roles = Vec::new();
    for role in &selection.realm_roles {
        roles.push(self::role(realm, &realm.roles(), &realm.roles().get(role).await?).await?);
    }
    put("realm_roles", roles);
    put("client_scopes", scopes(realm, &selection.client_scopes).await?);
    let mut clients = Vec::new();
    for name in &selection.clients {
        clients.push(client(realm, name).await?);
    }
    put("clients", clients);
    let mut groups = Vec::new();
    for path in &selection.groups {
        groups.push(group(realm, path).await?);
    }
    put("groups", groups);
    Ok(Value::Object(file))
}

async fn client(realm: &Realm, name: &str) -> Result<Value, BootstrapError> {
    let there = realm.clients().find(name).await?.map(object);
    let there = there.ok_or_else(|| BootstrapError::NoClient(name.to_owned()))?;
    let id = there.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_on = |switch: &str| there.get(switch) == Some(&Value::Bool(true));
    let (has_account, has_settings) =
        (is_on("serviceAccountsEnabled"), is_on("authorizationServicesEnabled"));
    let mut out = Map::new();
    for option in OPTIONS.iter().filter(|option| option.part == Part::Client && option.name != "id") {
        let Some(value) = there.get(option.alias.unwrap_or(option.name)).filter(|value| !value.is_null())
        else {
            continue;
        };
        let value = match option.name {
            "secret" | "registration_access_token" | "registered_nodes" => continue,
            "attributes" => attributes(&there),
            "protocol_mappers" => mappers(value),
            "authentication_flow_binding_overrides" => flows(realm, value).await?,
            _ if normal::is_set(option.alias.unwrap_or(option.name)) => normal::sorted(value),
            _ => value.clone(),
        };
        if !USUAL.contains(&(option.name, value.to_string().as_str())) {
            out.insert(option.name.to_owned(), value);
        }
    }
    // Just these, and not those that new clients of the realm get.
    out.insert("client_scopes_behavior".to_owned(), Value::from("idempotent"));
    for list in ["default_client_scopes", "optional_client_scopes"] {
        out.entry(list).or_insert_with(|| json!([]));
    }
    if has_settings {
        let settings = realm.clients().authorization(&id).export().await?;
        out.insert("authorization_settings".to_owned(), without_ids(settings));
    }
    let roles = realm.client_roles(&id);
    let mut all = Vec::new();
    for role in roles.list(Query::new().with("briefRepresentation", false)).all().await? {
        all.push(self::role(realm, &roles, &role).await?);
    }
    if !all.is_empty() {
        out.insert("roles".to_owned(), Value::Array(all));
    }
    if has_account {
        let user = realm.clients().service_account_user(&id).await?;
        let user = user.get("id").and_then(Value::as_str).unwrap_or_default();
        out.extend(
            mappings(&realm.user_roles(user).all().await?).map(|all| ("service_account".to_owned(), all)),
        );
    }
    Ok(Value::Object(out))
}

fn attributes(client: &Map<String, Value>) -> Value {
    let shown = redacted(client);
    let there = client.get("attributes").and_then(Value::as_object).into_iter().flatten();
    // Only what is shown as it is.
    let kept = there.filter(|(name, value)| {
        !ATTRIBUTES.contains(&name.as_str())
            && shown.get("attributes").and_then(|shown| shown.get(*name)) == Some(*value)
    });
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn mappers(list: &Value) -> Value {
    let kept = ["name", "protocol", "protocolMapper", "config"];
    let mapper = |mapper: &Value| {
        let members = mapper.as_object().into_iter().flatten();
        let members = members.filter(|(name, _)| kept.contains(&name.as_str()));
        Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    Value::Array(list.as_array().into_iter().flatten().map(mapper).collect())
}

/// Ids of flows are of one realm only; names are of every one.
async fn flows(realm: &Realm, overrides: &Value) -> Result<Value, BootstrapError> {
    let mut out = Map::new();
    let set = overrides.as_object().into_iter().flatten();
    let set: Vec<_> = set.filter(|(_, id)| id.as_str().is_some_and(|id| !id.is_empty())).collect();
    if set.is_empty() {
        return Ok(Value::Object(out));
    }
    let flows = realm.flows().list().await?;
    for (flow, id) in set {
        let found = flows.as_array().into_iter().flatten().find(|own| own.get("id") == Some(id));
        let (name, value) = match found.and_then(|found| found.get("alias")) {
            Some(alias) => (format!("{flow}_name"), alias),
            None => (flow.clone(), id),
        };
        out.insert(name, value.clone());
    }
    Ok(Value::Object(out))
}

fn without_ids(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_ids).collect()),
        Value::Object(members) => {
            let kept =
                members.into_iter().filter(|(name, _)| !["id", "_id", "owner"].contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name, without_ids(value))).collect())
        }
        other => other,
    }
}

async fn scopes(realm: &Realm, names: &[String]) -> Result<Vec<Value>, BootstrapError> {
    let mut out = Vec::new();
    if names.is_empty() {
        return Ok(out);
    }
    let scopes = realm.client_scopes();
    let (default, optional) = (scopes.list_default().await?, scopes.list_optional().await?);
    let holds = |list: &Value, name: &str| {
        let mut names = list.as_array().into_iter().flatten().map(|scope| scope.get("name"));
        names.any(|own| own.and_then(Value::as_str) == Some(name))
    };
    for name in names {
        let there = scopes.find(name).await?.map(object);
        let there = there.ok_or_else(|| BootstrapError::NoScope(name.clone()))?;
        let assignment = match (holds(&default, name), holds(&optional, name)) {
            (true, _) => "default",
            (false, true) => "optional",
            (false, false) => "none",
        };
        let mut scope = json!({"name": name, "assignment": assignment});
        if let Some(scope) = scope.as_object_mut() {
            for member in ["description", "protocol"] {
                scope.extend(there.get(member).map(|value| (member.to_owned(), value.clone())));
            }
            scope.insert("attributes".to_owned(), attributes(&there));
            let mappers = there.get("protocolMappers").map(mappers);
            scope.extend(mappers.map(|mappers| ("protocol_mappers".to_owned(), mappers)));
        }
        out.push(scope);
    }
    Ok(out)
}

async fn role(realm: &Realm, roles: &Roles, there: &Value) -> Result<Value, BootstrapError> {
    let name = there.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut out = Map::from_iter([("name".to_owned(), Value::from(name))]);
    out.extend(there.get("description").map(|text| ("description".to_owned(), text.clone())));
    out.extend(lists(there).map(|attributes| ("attributes".to_owned(), attributes)));
    if there.get("composite") == Some(&Value::Bool(true)) {
        let (mut of_realm, mut of_clients) = (Vec::new(), BTreeMap::<String, Vec<Value>>::new());
        for part in roles.composites(name).await?.as_array().into_iter().flatten() {
            let name = part.get("name").cloned().unwrap_or_default();
            match part.get("containerId").and_then(Value::as_str) {
                Some(client) if part.get("clientRole") == Some(&Value::Bool(true)) => {
                    let client = realm.clients().get(client).await?;
                    let client = client.get("clientId").and_then(Value::as_str).unwrap_or_default();
                    of_clients.entry(client.to_owned()).or_default().push(name);
                }
                _ => of_realm.push(name),
            }
        }
        out.insert("composites".to_owned(), json!({"realm_roles": of_realm, "client_roles": of_clients}));
    }
    Ok(Value::Object(out))
}

/// Attributes without the mark; `None` if there are no others.
fn lists(thing: &Value) -> Option<Value> {
    let attributes = mark::without(thing.get("attributes")?);
    attributes.as_object().is_some_and(|own| !own.is_empty()).then_some(attributes)
}

async fn group(realm: &Realm, path: &str) -> Result<Value, BootstrapError> {
    let there = realm.groups().by_path(path).await?;
    let there = there.ok_or_else(|| BootstrapError::NoGroup(path.to_owned()))?;
    let id = there.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut out = Map::from_iter([("path".to_owned(), Value::from(path))]);
    out.extend(lists(&there).map(|attributes| ("attributes".to_owned(), attributes)));
    out.extend(mappings(&realm.group_roles(id).all().await?).map(|all| ("roles".to_owned(), all)));
    Ok(Value::Object(out))
}

/// The roles of somebody; `None` if there are none but those that everybody has.
fn mappings(there: &Value) -> Option<Value> {
    let names = |list: Option<&Value>| -> Vec<Value> {
        let names = list.and_then(Value::as_array).into_iter().flatten().filter_map(|role| role.get("name"));
        let is_everybodys =
            |name: &&Value| name.as_str().is_some_and(|name| name.starts_with("default-roles-"));
        let mut names: Vec<Value> = names.filter(|name| !is_everybodys(name)).cloned().collect();
        names.sort_by_key(Value::to_string);
        names
    };
    let of_realm = names(there.get("realmMappings"));
    let clients = there.get("clientMappings").and_then(Value::as_object).into_iter().flatten();
    let of_clients: Map<String, Value> =
        clients.map(|(client, roles)| (client.clone(), Value::Array(names(roles.get("mappings"))))).collect();
    let is_empty = of_realm.is_empty() && of_clients.is_empty();
    (!is_empty).then(|| json!({"realm_roles": of_realm, "client_roles": of_clients}))
}

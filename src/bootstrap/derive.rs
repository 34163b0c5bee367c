//! Wanted state that follows from a gateway's configuration: its client, the audience of its tokens, the resources of its
//! routes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::desired::{Assignment, Desired, DesiredClient, WantedScope, audience_mapper};
use super::document::StateFile;
use super::task::{ScopesBehavior, TaskError};
use crate::config::{Config, MethodScopes, PermissionConfig, ProviderConfig, RequireConfig, RouteConfig};
use crate::oidc::realm_name;

/// Methods that have a scope each where a route names none and takes the method for the scope.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Desired {
    /// What the gateway of this configuration needs of the realm of `[bootstrap]`'s provider, and what the files of
    /// `[bootstrap]` want beside it. Relative paths start at `folder`.
    pub fn derive(config: &Config, folder: &Path) -> Result<Self, TaskError> {
        let fault = |text: String| TaskError(vec![text]);
        let (name, provider) = provider(config)?;
        let realm = realm(provider)?;
        let mut desired = Self { realm: realm.clone(), ..Self::default() };
        for file in &config.bootstrap.files {
            let path = folder.join(file);
            let more =
                StateFile::open(&path, Some(&realm)).map_err(|error| fault(error.to_string()))?.desired;
            if more.realm != realm {
                return Err(fault(format!(
                    "`{}` is about the realm `{}`, not `{realm}`",
                    path.display(),
                    more.realm
                )));
            }
            desired.extend(more);
        }
        let scope = audience_scope(&provider.client_id);
        for client in &config.bootstrap.audience_for {
            let options = json!({
                "client_id": client,
                "default_client_scopes": [scope.name],
                "client_scopes_behavior": "patch",
            });
            let mut client = DesiredClient::read(&realm, options.as_object().cloned().unwrap_or_default())?;
            client.wanted.must_exist = true;
            client.wanted.scopes = ScopesBehavior::Patch;
            desired.clients.push(client);
        }
        desired.client_scopes.push(scope);
        desired.clients.push(own_client(config, name, provider, &realm, folder)?);
        desired.belong_to(Some(provider.client_id.clone()));
        Ok(desired)
    }

    fn extend(&mut self, more: Self) {
        self.realm_roles.extend(more.realm_roles);
        self.client_scopes.extend(more.client_scopes);
        self.clients.extend(more.clients);
        self.groups.extend(more.groups);
        self.hidden.extend(more.hidden);
    }
}

/// The provider that is meant.
pub(super) fn provider(config: &Config) -> Result<(&str, &ProviderConfig), TaskError> {
    let fault = |text: &str| TaskError(vec![text.to_owned()]);
    match &config.bootstrap.provider {
        Some(name) => config
            .providers
            .get_key_value(name)
            .map(|(name, provider)| (name.as_str(), provider))
            .ok_or_else(|| fault(&format!("`bootstrap.provider`: there is no provider `{name}`"))),
        None => match config.providers.iter().collect::<Vec<_>>().as_slice() {
            [(name, provider)] => Ok((name, provider)),
            [] => Err(fault("there is no `[providers.NAME]` to bring about")),
            _ => Err(fault("there are several providers: name one in `bootstrap.provider`")),
        },
    }
}

/// The realm's name: the last part of the issuer.
pub(super) fn realm(provider: &ProviderConfig) -> Result<String, TaskError> {
    realm_name(&provider.issuer).ok_or_else(|| {
        TaskError(vec![format!("the issuer `{}` does not end with `/realms/NAME`", provider.issuer)])
    })
}

/// Puts the gateway's client into the `aud` of tokens: new clients of the realm get it by default.
fn audience_scope(client: &str) -> WantedScope {
    WantedScope {
        name: format!("{client}-audience"),
        description: Some(format!("Tokens are for {client}")),
        protocol: "openid-connect".to_owned(),
        attributes: Map::from_iter([("include.in.token.scope".to_owned(), Value::from("false"))]),
        protocol_mappers: vec![audience_mapper(client)],
        assignment: Assignment::Default,
        ..WantedScope::default()
    }
}

fn own_client(
    config: &Config,
    name: &str,
    provider: &ProviderConfig,
    realm: &str,
    folder: &Path,
) -> Result<DesiredClient, TaskError> {
    let resources = if config.bootstrap.resources { resources(config, name) } else { BTreeMap::new() };
    let mut options = json!({
        "client_id": provider.client_id,
        "protocol": "openid-connect",
        "enabled": true,
        "public_client": false,
        "bearer_only": false,
        "standard_flow_enabled": false,
        "implicit_flow_enabled": false,
        "direct_access_grants_enabled": false,
        "service_accounts_enabled": true,
        // Its own tokens are for itself, too.
        "audiences": [provider.client_id],
    });
    let members = options.as_object_mut().ok_or_else(|| TaskError(Vec::new()))?;
    if !resources.is_empty() {
        members.insert("authorization_services_enabled".to_owned(), Value::Bool(true));
        members.insert("authorization_settings".to_owned(), settings(&resources));
    }
    // A secret that cannot be read yet is one that Keycloak makes.
    let secret = provider.client_secret.as_ref().and_then(|reference| reference.read(folder).ok());
    members.extend(secret.map(|secret| ("secret".to_owned(), Value::from(secret.expose_secret()))));
    members.extend(config.bootstrap.client.clone());
    DesiredClient::read(realm, members.clone())
}

/// A resource of the routes.
#[derive(Debug, Default)]
struct Derived {
    uris: BTreeSet<String>,
    scopes: BTreeSet<String>,
}

/// The resources that routes require permissions of, by name. One that is found by its path is named after its route.
fn resources(config: &Config, provider: &str) -> BTreeMap<String, Derived> {
    let mut found: BTreeMap<String, Derived> = BTreeMap::new();
    let counts = |route: &RouteConfig| {
        route.providers.is_empty() || route.providers.iter().any(|name| name == provider)
    };
    for (name, route) in config.routes.iter().filter(|(_, route)| counts(route)) {
        // What has an id is there already.
        for permission in permissions(&route.require).into_iter().filter(|one| one.resource_id.is_none()) {
            let resource =
                found.entry(permission.resource.clone().unwrap_or_else(|| name.clone())).or_default();
            resource.uris.insert(route.path.clone());
            resource.scopes.extend(scopes(permission, route));
        }
    }
    found
}

fn permissions(require: &RequireConfig) -> Vec<&PermissionConfig> {
    let RequireConfig::Conditions(conditions) = require else { return Vec::new() };
    let inner = conditions.all.iter().chain(&conditions.any).chain(&conditions.not);
    conditions.permission.iter().chain(inner.flat_map(permissions)).collect()
}

fn scopes(permission: &PermissionConfig, route: &RouteConfig) -> Vec<String> {
    let mut scopes = permission.scopes.clone();
    for method in permission.methods.values() {
        scopes.extend(match method {
            MethodScopes::All(scopes) => scopes.clone(),
            MethodScopes::Moded(moded) => moded.scopes.clone(),
        });
    }
    if permission.method_as_scope {
        let all = || METHODS.into_iter().map(str::to_owned).collect();
        let methods: Vec<String> = if route.methods.is_empty() { all() } else { route.methods.clone() };
        scopes.extend(methods.into_iter().filter(|method| !permission.methods.contains_key(method)));
    }
    scopes
}

fn settings(resources: &BTreeMap<String, Derived>) -> Value {
    let named = |scopes: &BTreeSet<String>| -> Vec<Value> {
        scopes.iter().map(|name| json!({"name": name})).collect()
    };
    let all: BTreeSet<String> = resources.values().flat_map(|resource| resource.scopes.clone()).collect();
    let resources = resources.iter().map(
        |(name, resource)| json!({"name": name, "uris": resource.uris, "scopes": named(&resource.scopes)}),
    );
    json!({"scopes": named(&all), "resources": resources.collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests;

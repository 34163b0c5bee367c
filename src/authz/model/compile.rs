//! Makes a model of settings.

mod found;
mod resources;

use std::collections::HashMap;

use self::found::Found;
use self::resources::Resources;
use super::fabric::Fabric;
use super::{Index, KeycloakPermission, Model, PermissionId, PermissionKind, ScopeId, UriMatcher};
use crate::authz::policy::{Policy, Rule, list};
use crate::authz::settings::{PolicySettings, Settings};
use crate::authz::surroundings::Surroundings;
use crate::authz::verdict::Cause;

/// Compiles; see [`Model::compile`].
pub(super) fn compile(settings: Settings, surroundings: Surroundings) -> Result<Model, String> {
    let mut scopes = Scopes::default();
    for scope in &settings.scopes {
        scopes.id(&scope.name);
    }
    let mut resources = Resources::compile(settings.resources, &surroundings, &mut scopes)?;
    let (permissions, policies): (Vec<PolicySettings>, Vec<PolicySettings>) = settings
        .policies
        .into_iter()
        .partition(|policy| matches!(policy.kind.as_str(), "resource" | "scope"));
    let policy_count = policies.len();

    let mut fabric = Fabric::default();
    let mut aggregates = Vec::new();
    for settings in policies {
        let config = (settings.kind == "aggregate").then(|| settings.config.clone());
        let policy = Policy::compile(settings, &surroundings);
        let is_aggregate = matches!(policy.rule, Rule::Aggregate(_));
        let id = fabric.add(policy)?;
        aggregates.extend(config.filter(|_| is_aggregate).map(|config| (id, config)));
    }
    let permission_names: HashMap<String, (), ahash::RandomState> =
        permissions.iter().map(|permission| (permission.name.clone(), ())).collect();
    for (id, config) in aggregates {
        let parts = fabric.applied(&config, &permission_names);
        fabric.set_parts(id, parts);
    }

    let mut found = Found::default();
    let mut compiled = Vec::with_capacity(permissions.len());
    for settings in permissions {
        let permission = permission(settings, &permission_names, &mut fabric, &mut scopes);
        found.add(PermissionId(compiled.len()), &permission);
        compiled.push(permission.compiled);
    }
    let open = found.apply(&compiled, &mut resources.all, scopes.names.len());
    let uris = UriMatcher::new(&resources.all);
    let mut index = Index::new(scopes.ids, &resources.all, open);
    index.knows_ids = !surroundings.resource_ids.is_empty();
    Ok(Model {
        resources: resources.all,
        scopes: scopes.names,
        policies: fabric.finish(),
        permissions: compiled,
        index,
        surroundings,
        uris,
        policy_count,
        decision_strategy: settings.decision_strategy,
        enforcement_mode: settings.policy_enforcement_mode,
    })
}

/// A permission, and by what it is found.
struct ReadPermission {
    compiled: KeycloakPermission,
    resources: Vec<String>,
    kind_of_resources: Option<String>,
    /// What it is for cannot be read: it may be found for anything.
    unreadable: bool,
}

fn permission(
    settings: PolicySettings,
    permission_names: &HashMap<String, (), ahash::RandomState>,
    fabric: &mut Fabric,
    scopes: &mut Scopes,
) -> ReadPermission {
    let PolicySettings { name, kind, decision_strategy, config, .. } = settings;
    let mut unreadable = false;
    let mut names = |member: &str| {
        list::<String>(&config, member).unwrap_or_else(|_| {
            unreadable = true;
            Vec::new()
        })
    };
    let resources = names("resources");
    let named_scopes = if kind == "scope" { names("scopes") } else { Vec::new() };
    let policies = match fabric.applied(&config, permission_names) {
        Ok(policies) if !unreadable => policies,
        _ => vec![fabric.opaque(name.clone(), Cause::ConfigUnreadable)],
    };
    let mut scopes: Vec<ScopeId> = named_scopes.iter().map(|scope| scopes.id(scope)).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let compiled = KeycloakPermission {
        name,
        kind: if kind == "scope" { PermissionKind::Scope } else { PermissionKind::Resource },
        strategy: decision_strategy,
        policies,
        scopes,
        lists_resources: !resources.is_empty(),
    };
    let kind_of_resources = config.get("defaultResourceType").cloned();
    ReadPermission { compiled, resources, kind_of_resources, unreadable }
}

/// Scopes by name.
#[derive(Default)]
struct Scopes {
    names: Vec<String>,
    ids: HashMap<String, ScopeId, ahash::RandomState>,
}

impl Scopes {
    fn id(&mut self, name: &str) -> ScopeId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = ScopeId(self.names.len());
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }
}

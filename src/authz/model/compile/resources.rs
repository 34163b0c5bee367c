//! Resources: owners, ids, scopes of their own and of their parents.

use std::collections::{BTreeSet, HashMap};

use super::Scopes;
use crate::authz::Resource;
use crate::authz::model::ScopeId;
use crate::authz::settings::ResourceSettings;
use crate::authz::surroundings::Surroundings;

/// All resources, in the order of the settings.
pub(super) struct Resources {
    pub(super) all: Vec<Resource>,
}

impl Resources {
    pub(super) fn compile(
        settings: Vec<ResourceSettings>,
        surroundings: &Surroundings,
        scopes: &mut Scopes,
    ) -> Result<Self, String> {
        let mut all = Vec::with_capacity(settings.len());
        let mut names = BTreeSet::new();
        for resource in settings {
            let resource = compiled(resource, all.len(), scopes)?;
            if resource.owner.is_none() && !names.insert(resource.name.clone()) {
                return Err(format!("there are two resources `{}`", resource.name));
            }
            all.push(resource);
        }
        let mut resources = Self { all };
        resources.set_ids(surroundings);
        resources.inherit();
        Ok(resources)
    }

    /// Ids are known by the names of resource and owner; the resource server's name is its client id, which may be a
    /// user's name, too.
    fn set_ids(&mut self, surroundings: &Surroundings) {
        let client_id = surroundings.resource_server.as_ref().map(|client| client.client_id.as_str());
        let mut places: HashMap<(&str, Option<&str>), usize> = HashMap::new();
        for resource in &self.all {
            places.insert((&resource.name, resource.owner.as_deref()), resource.place);
        }
        let found: Vec<(usize, &str)> = surroundings
            .resource_ids
            .iter()
            .filter_map(|known| {
                let own =
                    places.get(&(known.name.as_str(), None)).filter(|_| client_id == Some(&known.owner));
                let users = || places.get(&(known.name.as_str(), Some(known.owner.as_str())));
                Some((*own.or_else(users)?, known.id.as_str()))
            })
            .collect();
        for (place, id) in found {
            if let Some(resource) = self.all.get_mut(place) {
                resource.id = Some(id.to_owned());
            }
        }
    }

    /// What a user's resource has from those of the same type.
    fn inherit(&mut self) {
        let mut of_parents: HashMap<String, Vec<ScopeId>> = HashMap::new();
        for resource in self.all.iter().filter(|resource| resource.owner.is_none()) {
            if let Some(kind) = &resource.kind {
                of_parents.entry(kind.clone()).or_default().extend(&resource.own);
            }
        }
        for resource in &mut self.all {
            let inherited = match (&resource.owner, &resource.kind) {
                (Some(_), Some(kind)) => of_parents.get(kind).map_or(&[][..], Vec::as_slice),
                _ => &[],
            };
            resource.all = resource.own.iter().chain(inherited).copied().collect();
            resource.all.sort_unstable();
            resource.all.dedup();
        }
    }
}

fn compiled(settings: ResourceSettings, place: usize, scopes: &mut Scopes) -> Result<Resource, String> {
    let ResourceSettings { name, kind, uris, scopes: own, owner, owner_managed_access } = settings;
    if name.is_empty() {
        return Err("a resource has no name".to_owned());
    }
    let owner = match owner {
        Some(owner) => Some(owner.name.ok_or_else(|| format!("the owner of resource `{name}` has no name"))?),
        None => None,
    };
    let names: Vec<String> = own.into_iter().map(|scope| scope.name).collect();
    let mut own: Vec<ScopeId> = names.iter().map(|scope| scopes.id(scope)).collect();
    own.sort_unstable();
    own.dedup();
    Ok(Resource {
        name,
        uris,
        scopes: names,
        place,
        kind,
        owner,
        owner_managed: owner_managed_access,
        id: None,
        all: own.clone(),
        own,
        findings: Vec::new(),
        ambiguous: false,
    })
}

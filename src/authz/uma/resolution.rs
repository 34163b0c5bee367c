//! What a request asks for, as entries to decide.

use super::error::RequestError;
use super::permission::{What, Wish, is_blank};
use crate::authz::Resource;
use crate::authz::evaluate::Entry;
use crate::authz::hash_order::{hash_order, hash_order_of_copy};
use crate::authz::identity::Subject;
use crate::authz::model::{Model, ScopeId};
use crate::authz::reason::RemoteReason;

/// Why a request is not decided any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Keycloak answers with an error.
    Error(RequestError),
    /// Keycloak has to be asked.
    Remote(RemoteReason),
}

impl Stop {
    pub(super) fn request(reason: &'static str) -> Self {
        Self::Remote(RemoteReason::Request(reason))
    }
}

/// The entries of one request, growing.
pub(super) struct Resolution<'a> {
    model: &'a Model,
    subject: Subject<'a>,
    pub(super) entries: Vec<Entry>,
    /// There may be more entries than these, or other scopes in them.
    pub(super) doubt: Option<RemoteReason>,
}

impl<'a> Resolution<'a> {
    pub(super) fn new(model: &'a Model, subject: Subject<'a>) -> Self {
        Self { model, subject, entries: Vec::new(), doubt: None }
    }

    /// Everything that the identity may see: what the resource server owns and what is its own, each with its own scopes.
    pub(super) fn everything(&mut self) {
        let index = &self.model.index;
        let shared = match self.subject {
            Subject::ResourceServer => index.has_owner_managed_of_resource_server,
            _ => index.has_owner_managed,
        };
        if shared {
            self.doubt(RemoteReason::OwnerManagedExist);
        }
        let model = self.model;
        for resource in &model.resources {
            if resource.owner.is_some() {
                self.doubt_owner(resource);
            }
            if self.is_own(resource) || resource.owner.is_none() {
                let scopes = if resource.own.is_empty() { &resource.all } else { &resource.own };
                self.entries.push(Entry { resource: Some(resource.place), scopes: scopes.clone() });
            }
        }
    }

    /// One wish, with the scopes that the request names for all of them.
    pub(super) fn wish(&mut self, wish: &Wish, more_scopes: &[String]) -> Result<(), Stop> {
        let wanted = self.scopes(wish, more_scopes)?;
        let text = match &wish.what {
            What::AnyWith => {
                self.any_with(&wanted);
                return Ok(());
            }
            What::Found(place) => {
                self.enter(*place, &wanted);
                return Ok(());
            }
            What::Named(text) => text,
        };
        match is_blank(text) {
            Some(true) => {
                self.any_with(&wanted);
                return Ok(());
            }
            Some(false) => {}
            None => return Err(Stop::request("a name of blanks")),
        }
        if text.contains('-') && self.by_id(text, &wanted)? {
            return Ok(());
        }
        if self.by_kind(text, &wanted) {
            return Ok(());
        }
        self.by_name(text, &wanted)
    }

    /// The known scopes among the named ones. That some are named and none is known is an error.
    fn scopes(&self, wish: &Wish, more_scopes: &[String]) -> Result<Vec<ScopeId>, Stop> {
        let mut named: Vec<&str> = wish.scopes.iter().map(String::as_str).collect();
        for scope in more_scopes {
            if !named.contains(&scope.as_str()) {
                named.push(scope);
            }
        }
        let mut known: Vec<ScopeId> = named.iter().filter_map(|name| self.model.index.scope(name)).collect();
        known.sort_unstable();
        if !known.is_empty() || named.is_empty() {
            return Ok(known);
        }
        if more_scopes.iter().any(String::is_empty) {
            return Err(Stop::request("`scope` has empty words"));
        }
        match (hash_order(named.iter().copied()), hash_order_of_copy(&named)) {
            (Some(grown), Some(copied)) if grown == copied => {
                Err(Stop::Error(RequestError::invalid_scope(&grown)))
            }
            _ => Err(Stop::request("the order of the scopes in keycloak's error is not certain")),
        }
    }

    /// Every resource that has one of the scopes, whoever owns it; if there is none, each scope for itself.
    fn any_with(&mut self, wanted: &[ScopeId]) {
        let index = &self.model.index;
        let mut places: Vec<usize> =
            wanted.iter().flat_map(|scope| index.with_scope(*scope)).copied().collect();
        places.sort_unstable();
        places.dedup();
        for place in &places {
            let Some(resource) = self.model.resources.get(*place) else { continue };
            match self.entries.iter_mut().find(|entry| entry.resource == Some(*place)) {
                Some(entry) => {
                    entry.scopes.extend(wanted.iter().filter(|scope| resource.own.contains(scope)));
                    entry.scopes.sort_unstable();
                    entry.scopes.dedup();
                }
                None => self.enter(*place, wanted),
            }
        }
        if places.is_empty() {
            for scope in wanted {
                let entry = Entry { resource: None, scopes: vec![*scope] };
                if !self.entries.contains(&entry) {
                    self.entries.push(entry);
                }
            }
        }
    }

    /// Whether there is a resource of this id.
    fn by_id(&mut self, id: &str, wanted: &[ScopeId]) -> Result<bool, Stop> {
        let model = self.model;
        if !model.index.knows_ids {
            return Err(Stop::request(
                "a name with a `-` may be an id, and the ids of resources are not known",
            ));
        }
        if let Some(place) = model.index.with_id(id) {
            self.enter(place, wanted);
            return Ok(true);
        }
        if model.surroundings.resource_ids.iter().any(|known| known.id == id) {
            return Err(Stop::request("a resource of this id is not in the settings"));
        }
        Ok(false)
    }

    /// Whether the text asks for all resources of a type.
    fn by_kind(&mut self, text: &str, wanted: &[ScopeId]) -> bool {
        let (kind, select): (&str, fn(&Self, &Resource) -> bool) =
            if let Some(kind) = text.strip_prefix("resource-type:") {
                (kind, |_, resource| resource.owner.is_none())
            } else if let Some(kind) = text.strip_prefix("resource-type-any:") {
                (kind, |_, _| true)
            } else if let Some(kind) = text.strip_prefix("resource-type-instance:") {
                (kind, |_, resource| resource.owner.is_some())
            } else if let Some(kind) = text.strip_prefix("resource-type-owner:") {
                (kind, Self::is_own)
            } else {
                return false;
            };
        let model = self.model;
        for place in model.index.of_kind(kind) {
            let Some(resource) = model.resources.get(*place) else { continue };
            if text.starts_with("resource-type-owner:") {
                self.doubt_owner(resource);
            }
            if select(self, resource) {
                self.enter(*place, wanted);
            }
        }
        true
    }

    /// The identity's own resource of this name, and the resource server's.
    fn by_name(&mut self, name: &str, wanted: &[ScopeId]) -> Result<(), Stop> {
        let model = self.model;
        let resources = || model.index.named(name).iter().filter_map(|place| model.resources.get(*place));
        for resource in resources() {
            if resource.owner_managed {
                // Somebody may have granted a part of it.
                self.doubt(RemoteReason::OwnerManaged(resource.name.clone()));
            }
            if resource.owner.is_some() {
                self.doubt_owner(resource);
            }
        }
        for resource in resources().filter(|resource| resource.owner.is_some()) {
            if self.is_own(resource) {
                self.enter(resource.place, wanted);
            }
        }
        for resource in resources().filter(|resource| resource.owner.is_none()) {
            self.enter(resource.place, wanted);
        }
        if !self.entries.is_empty() || self.subject == Subject::ResourceServer {
            return Ok(());
        }
        match (&self.doubt, self.subject) {
            (Some(doubt), _) => Err(Stop::Remote(doubt.clone())),
            (None, Subject::Unknown { may_be_resource_server: true }) => {
                Err(Stop::request("whether the token is the resource server's own is not known"))
            }
            (None, _) => Err(Stop::Error(RequestError::invalid_resource(name))),
        }
    }

    /// Enters a resource that is not there yet, with those of the scopes that it has; without scopes, with all.
    fn enter(&mut self, place: usize, wanted: &[ScopeId]) {
        if self.entries.iter().any(|entry| entry.resource == Some(place)) {
            return;
        }
        let Some(resource) = self.model.resources.get(place) else { return };
        let scopes: Vec<ScopeId> = if wanted.is_empty() {
            resource.all.clone()
        } else {
            resource.all.iter().filter(|scope| wanted.contains(scope)).copied().collect()
        };
        if wanted.is_empty() || !scopes.is_empty() {
            self.entries.push(Entry { resource: Some(place), scopes });
        }
    }

    fn is_own(&self, resource: &Resource) -> bool {
        match (self.subject, &resource.owner) {
            (Subject::User(name), Some(owner)) => name == owner,
            (Subject::ResourceServer, None) => true,
            _ => false,
        }
    }

    /// It cannot be told whether the resource is the identity's own.
    fn doubt_owner(&mut self, resource: &Resource) {
        let Subject::Unknown { may_be_resource_server } = self.subject else { return };
        if resource.owner.is_some() || may_be_resource_server {
            self.doubt(RemoteReason::Request(
                "the token does not name its user, whose own resources are asked for",
            ));
        }
    }

    fn doubt(&mut self, reason: RemoteReason) {
        self.doubt.get_or_insert(reason);
    }
}

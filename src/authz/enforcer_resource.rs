//! The resource that Keycloak's policy enforcer would find for a path.

use super::permission::Unasked;
use super::{Model, NotOne, Resource};
use crate::config::EnforcerPath;
use crate::route::{Covered, EnforcerMatcher, Instance};

/// What stands behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FoundResource {
    /// The path's own, by its name: the path's scopes are those to ask for.
    Own(String),
    /// The server's for this very path: any of its own scopes is enough, where the method names none.
    Other(String),
    /// None; a good token is enough.
    None,
}

/// Finds the resource of one path of a policy enforcer, among all of its paths.
#[derive(Debug)]
pub(super) struct EnforcerResource {
    matcher: EnforcerMatcher,
    path: EnforcerPath,
}

impl EnforcerResource {
    pub(super) fn new(path: &EnforcerPath) -> Self {
        Self { matcher: EnforcerMatcher::new(path.patterns.iter().cloned()), path: path.clone() }
    }

    /// Whether it depends on the resources that there are; `named`: the file names one.
    pub(super) fn needs_settings(&self, named: bool) -> bool {
        match self.path.index {
            Some(index) => {
                let pattern = self.pattern(index);
                !named || pattern.contains('{') || self.looks_for_closer(pattern)
            }
            None => self.path.looks_for_closer,
        }
    }

    /// The resource. A template stands for the resource that has the request's path as its URI, or else the path up to the
    /// last parameter, or else a pattern that covers it; or else for the one that the file names.
    ///
    /// Nothing is found if the enforcer's matcher takes the request for another path than the route.
    pub(super) fn find(
        &self,
        request: &str,
        model: Option<&Model>,
        named: &str,
    ) -> Result<FoundResource, Unasked> {
        if model.is_none() && self.needs_settings(!named.is_empty()) {
            return Err(Unasked::NoSettings);
        }
        let mut is_doubtful = false;
        let found =
            self.matcher.find_instance(request, |index| match self.instance(index, request, model?) {
                Ok(resource) => {
                    let path = resource.uris().first().cloned().unwrap_or_default();
                    Some(Instance { path, resource })
                }
                Err(NotOne::None) => None,
                Err(NotOne::Several) => {
                    is_doubtful = true;
                    None
                }
            });
        if is_doubtful {
            return Err(Unasked::SeveralResources);
        }
        let found = found.map_err(|_| Unasked::ReadOtherwise)?;
        if found.as_ref().map(|covered| covered.index) != self.path.index {
            return Err(Unasked::ReadOtherwise);
        }
        let Some(Covered { index, instance }) = found else { return self.rest(request, model) };
        let path = instance.as_ref().map_or(self.pattern(index), |instance| &instance.path).to_owned();
        let own = match (instance, model) {
            (Some(instance), _) => instance.resource.name().to_owned(),
            (None, Some(model)) if named.is_empty() => {
                let pattern = self.pattern(index);
                let resource = model.with_uri(pattern).or_else(|error| match error {
                    NotOne::None => model.lookup(pattern),
                    NotOne::Several => Err(error),
                });
                match resource {
                    // There may be one for this very path.
                    Err(NotOne::None) if self.looks_for_closer(&path) => String::new(),
                    resource => resource?.name().to_owned(),
                }
            }
            _ => named.to_owned(),
        };
        let looks = self.looks_for_closer(&path);
        Self::closer(request, model.filter(|_| looks), own)
    }

    /// What no pattern covers.
    fn rest(&self, request: &str, model: Option<&Model>) -> Result<FoundResource, Unasked> {
        let found = match model.filter(|_| self.path.looks_for_closer) {
            Some(model) => model.lookup(request),
            None => Err(NotOne::None),
        };
        match found {
            Ok(resource) if self.path.named.iter().any(|named| *named == *resource.name()) => {
                Err(Unasked::NoResource)
            }
            Err(NotOne::None) if self.path.lets_the_rest_pass => Ok(FoundResource::None),
            resource => Ok(FoundResource::Other(resource?.name().to_owned())),
        }
    }

    /// The server's resource for the path, in the place of that of a path with a `*`.
    fn closer(request: &str, model: Option<&Model>, own: String) -> Result<FoundResource, Unasked> {
        match model.map_or(Err(NotOne::None), |model| model.lookup(request)) {
            Ok(resource) if *resource.name() != *own => Ok(FoundResource::Other(resource.name().to_owned())),
            Err(NotOne::Several) => Err(Unasked::SeveralResources),
            _ if own.is_empty() => Err(Unasked::NoResource),
            _ => Ok(FoundResource::Own(own)),
        }
    }

    fn looks_for_closer(&self, path: &str) -> bool {
        self.path.looks_for_closer && path.contains('*')
    }

    fn instance<'a>(&self, index: usize, request: &str, model: &'a Model) -> Result<&'a Resource, NotOne> {
        let parent = self.matcher.parent_path(index, request);
        for uri in [Some(request), parent.as_deref()].into_iter().flatten() {
            match model.with_uri(uri) {
                Err(NotOne::None) => {}
                found => return found,
            }
        }
        model.lookup(request)
    }

    fn pattern(&self, index: usize) -> &str {
        self.path.patterns.get(index).map_or("", String::as_str)
    }
}

impl From<NotOne> for Unasked {
    fn from(not_one: NotOne) -> Self {
        match not_one {
            NotOne::None => Self::NoResource,
            NotOne::Several => Self::SeveralResources,
        }
    }
}

#[cfg(test)]
mod tests;

//! The resource that Keycloak's policy enforcer would find for a path.

use super::permission::Unasked;
use super::{Model, NotOne, Resource};
use crate::config::EnforcerPath;
use crate::route::{Covered, EnforcerMatcher, Instance};

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
        !named || self.pattern(self.path.index).contains('{')
    }

    /// The resource's name. A template stands for the resource that has the request's path as its URI, or else the path
    /// up to the last parameter, or else a pattern that covers it; or else for the one that the file names.
    ///
    /// Nothing is found if the enforcer's matcher takes the request for another path than the route.
    pub(super) fn find(&self, request: &str, model: Option<&Model>, named: &str) -> Result<String, Unasked> {
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
        let instance = match found {
            Ok(Some(Covered { index, instance })) if index == self.path.index => instance,
            _ => return Err(Unasked::ReadOtherwise),
        };
        match (instance, model) {
            (Some(instance), _) => Ok(instance.resource.name().to_owned()),
            (None, Some(model)) if named.is_empty() => {
                let pattern = self.pattern(self.path.index);
                let resource = model.with_uri(pattern).or_else(|error| match error {
                    NotOne::None => model.lookup(pattern),
                    NotOne::Several => Err(error),
                });
                Ok(resource?.name().to_owned())
            }
            _ => Ok(named.to_owned()),
        }
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

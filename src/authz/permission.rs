//! A permission of Keycloak's authorization services, as a condition.

use std::borrow::Cow;
use std::cell::OnceCell;

use http::Method;

use super::enforcer_resource::{EnforcerResource, FoundResource};
use super::outcomes::Outcomes;
use super::{Model, Refusal, RefusalCode, Resource};
use crate::config::{MethodScopes, PermissionConfig, Problem, ScopesMode};

/// A question that only permissions can answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::authz) struct Question {
    /// The resource, as `by` says; never empty.
    pub(in crate::authz) resource: String,
    /// What `resource` is of it.
    pub(in crate::authz) by: ResourceKey,
    /// The scopes; empty: the resource as such.
    pub(in crate::authz) scopes: Vec<String>,
    /// How many of the scopes.
    pub(in crate::authz) mode: ScopesMode,
}

/// What a resource is asked for by. Keycloak takes both in the same place, and whoever may make resources may choose their
/// ids: so an answer counts by that which was asked for, and never by the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::authz) enum ResourceKey {
    #[default]
    Name,
    Id,
}

/// The parts of a request that a requirement is judged by.
#[derive(Clone, Copy, Debug)]
pub(in crate::authz) struct RequestFacts<'a> {
    pub(in crate::authz) method: &'a Method,
    /// Canonical.
    pub(in crate::authz) path: &'a str,
}

/// A request, and the resource that it is for: looked for once, where it is needed at all.
pub(super) struct RequestedResource<'a> {
    request: RequestFacts<'a>,
    model: Option<&'a Model>,
    found: OnceCell<Result<&'a Resource, Unasked>>,
}

/// Why there is nothing to ask, so that the permission is neither granted nor not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unasked {
    NoSettings,
    NoResource,
    ReadOtherwise,
    SeveralResources,
    MethodWithoutScopes,
}

/// A permission needed.
#[derive(Debug)]
pub(super) struct Permission {
    by: FoundBy,
    /// The name in the configuration; empty: none.
    resource: String,
    /// `None`: a good token is enough.
    methods: Vec<(Method, Option<Question>)>,
    otherwise: Otherwise,
}

/// How the resource is found.
#[derive(Debug)]
enum FoundBy {
    /// The questions have its name or id.
    Key,
    /// By the request's path; the questions' resource is empty.
    Path,
    /// As a policy enforcer does; the questions' resource may be empty.
    Enforcer(EnforcerResource),
}

/// What a method needs that is not named.
#[derive(Debug)]
enum Otherwise {
    /// The scope of its own name; the question's scopes are empty.
    MethodAsScope(Question),
    Refuse,
    Scopes(Question),
}

impl<'a> RequestedResource<'a> {
    pub(super) fn new(request: RequestFacts<'a>, model: Option<&'a Model>) -> Self {
        Self { request, model, found: OnceCell::new() }
    }

    fn resource(&self) -> Result<&'a Resource, Unasked> {
        *self.found.get_or_init(|| {
            let model = self.model.ok_or(Unasked::NoSettings)?;
            model.lookup(self.request.path).map_err(Unasked::from)
        })
    }
}

impl Permission {
    /// From `permission = { ... }`. A method that `methods` does not name is refused if nothing else names a scope for
    /// it: else whoever may do anything with the resource could do this with it. `HEAD` is as `GET`.
    pub(super) fn compile(key: &str, config: &PermissionConfig) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if let Some(name) = &config.resource {
            problems.extend(problem_with_resource(&format!("{key}.resource"), name));
        }
        if let Some(id) = &config.resource_id {
            problems.extend(problem_with_id(&format!("{key}.resource_id"), id));
        }
        let (resource, resource_key) = match (&config.resource_id, &config.resource) {
            (Some(id), _) => (Some(id), ResourceKey::Id),
            (None, name) => (name.as_ref(), ResourceKey::Name),
        };
        let by = match (&config.enforcer, resource) {
            (Some(path), _) => FoundBy::Enforcer(EnforcerResource::new(path)),
            (None, Some(_)) => FoundBy::Key,
            (None, None) => FoundBy::Path,
        };
        let resource = resource.cloned().unwrap_or_default();
        let mut question = |key: &str, scopes: &[String], mode| {
            problems.extend(scopes.iter().filter_map(|scope| problem_with_scope(key, scope)));
            let mut distinct: Vec<String> = Vec::new();
            for scope in scopes {
                if !distinct.contains(scope) {
                    distinct.push(scope.clone());
                }
            }
            let mode = if distinct.is_empty() { ScopesMode::All } else { mode };
            Question { resource: resource.clone(), by: resource_key, scopes: distinct, mode }
        };
        let mut methods = Vec::new();
        let mut unknown = Vec::new();
        for (name, needed) in &config.methods {
            let key = format!("{key}.methods.{name}");
            let (scopes, mode) = match needed {
                MethodScopes::All(scopes) => (scopes, ScopesMode::All),
                MethodScopes::Moded(moded) => (&moded.scopes, moded.mode),
            };
            let question = question(&key, scopes, mode);
            match name.parse::<Method>() {
                Ok(method) if !name.bytes().any(|byte| byte.is_ascii_lowercase()) => {
                    let is_open =
                        config.enforcer.as_ref().is_some_and(|path| path.open_methods.contains(name));
                    methods.push((method, (!is_open).then_some(question)));
                }
                _ => unknown.push(
                    Problem::new(key, format!("`{name}` is no HTTP method"))
                        .hint("methods are in upper case: `GET`"),
                ),
            }
        }
        let scopes = question(&format!("{key}.scopes"), &config.scopes, config.mode);
        let otherwise = match config {
            _ if config.method_as_scope => Otherwise::MethodAsScope(question(key, &[], ScopesMode::All)),
            // A policy enforcer takes any permission for the resource then.
            _ if config.enforcer.is_some() => Otherwise::Scopes(scopes),
            _ if scopes.scopes.is_empty() && !config.methods.is_empty() => Otherwise::Refuse,
            _ => Otherwise::Scopes(scopes),
        };
        problems.extend(unknown);
        if problems.is_empty() { Ok(Self { by, resource, methods, otherwise }) } else { Err(problems) }
    }

    /// Whether its resource is found by the path.
    pub(super) fn is_by_path(&self) -> bool {
        match &self.by {
            FoundBy::Key => false,
            FoundBy::Path => true,
            FoundBy::Enforcer(resource) => resource.needs_settings(!self.resource.is_empty()),
        }
    }

    /// Whether the path has a part in what is asked.
    pub(super) fn depends_on_path(&self) -> bool {
        !matches!(self.by, FoundBy::Key)
    }

    /// What has to be asked of this request; `None`: nothing, a good token is enough.
    pub(super) fn question(
        &self,
        requested: &RequestedResource<'_>,
    ) -> Result<Option<Cow<'_, Question>>, Unasked> {
        let question = self.question_of_method(requested.request.method)?;
        match (&self.by, question) {
            (FoundBy::Key | FoundBy::Path, None) => Ok(None),
            (FoundBy::Key, question) => Ok(question),
            (FoundBy::Path, Some(mut question)) => {
                question.to_mut().resource = requested.resource()?.name().to_owned();
                Ok(Some(question))
            }
            (FoundBy::Enforcer(resource), question) => {
                let found = resource.find(requested.request.path, requested.model, &self.resource);
                self.question_of_found(question, found, requested.request.method)
            }
        }
    }

    fn question_of_found<'a>(
        &'a self,
        question: Option<Cow<'a, Question>>,
        found: Result<FoundResource, Unasked>,
        method: &Method,
    ) -> Result<Option<Cow<'a, Question>>, Unasked> {
        let (mut question, name) = match (question, found) {
            (None, Ok(_) | Err(Unasked::NoResource)) | (Some(_), Ok(FoundResource::None)) => return Ok(None),
            (_, Err(unasked)) => return Err(unasked),
            (Some(question), Ok(FoundResource::Own(name))) => (question, name),
            (Some(mut question), Ok(FoundResource::Other(name))) => {
                if self.of_method(method).is_none() && matches!(self.otherwise, Otherwise::Scopes(_)) {
                    let question = question.to_mut();
                    question.scopes.clear();
                    question.mode = ScopesMode::All;
                }
                (question, name)
            }
        };
        question.to_mut().resource = name;
        Ok(Some(question))
    }

    /// Why a caller is refused without the permission.
    pub(super) fn missing(&self, requested: &RequestedResource<'_>) -> Refusal {
        self.refusal(requested, |question| {
            let detail = format!("permission `{}` is not granted", question.spelled());
            let Question { resource, scopes, .. } = question.into_owned();
            Refusal {
                permissions: vec![(resource, scopes)],
                ..Refusal::by_claims(RefusalCode::PermissionDenied, detail)
            }
        })
    }

    /// Why a caller is refused that must not have the permission, or of whom that cannot be told.
    pub(super) fn unwanted(&self, requested: &RequestedResource<'_>, outcomes: Outcomes) -> Refusal {
        self.refusal(requested, |question| {
            let fact = match outcomes {
                Outcomes::STUCK => "is not known to keycloak, so that `not` cannot be judged",
                _ => "is granted, which `not` forbids",
            };
            let detail = format!("permission `{}` {fact}", question.spelled());
            Refusal::by_claims(RefusalCode::RequirementNotMet, detail)
        })
    }

    /// A refusal for what was asked; or because nothing could be asked, or had to be.
    fn refusal(
        &self,
        requested: &RequestedResource<'_>,
        of_question: impl FnOnce(Cow<'_, Question>) -> Refusal,
    ) -> Refusal {
        match self.question(requested) {
            Err(unasked) => unasked.refusal(),
            Ok(None) => {
                let detail = "no permission is needed for this request".to_owned();
                Refusal::by_claims(RefusalCode::RequirementNotMet, detail)
            }
            Ok(Some(question)) => of_question(question),
        }
    }

    fn question_of_method(&self, method: &Method) -> Result<Option<Cow<'_, Question>>, Unasked> {
        match (self.of_method(method), &self.otherwise) {
            (Some(question), _) => Ok(question.as_ref().map(Cow::Borrowed)),
            (None, Otherwise::Scopes(question)) => Ok(Some(Cow::Borrowed(question))),
            (None, Otherwise::MethodAsScope(question)) => {
                let scopes = vec![method.as_str().to_owned()];
                Ok(Some(Cow::Owned(Question { scopes, ..question.clone() })))
            }
            (None, Otherwise::Refuse) => Err(Unasked::MethodWithoutScopes),
        }
    }

    /// What a method needs that is named.
    fn of_method(&self, method: &Method) -> Option<&Option<Question>> {
        let of = |method: &Method| self.methods.iter().find(|(known, _)| known == method);
        let named = of(method).or_else(|| if *method == Method::HEAD { of(&Method::GET) } else { None });
        named.map(|(_, question)| question)
    }
}

impl Question {
    /// `RESOURCE#SCOPE,SCOPE`.
    pub(super) fn spelled(&self) -> String {
        if self.scopes.is_empty() {
            self.resource.clone()
        } else {
            format!("{}#{}", self.resource, self.scopes.join(","))
        }
    }

    /// The answer of somebody who knows which scopes are granted; asked for an empty one if none is needed.
    pub(super) fn answer(&self, granted: &dyn Fn(&str, &str) -> bool) -> bool {
        let granted = |scope: &String| granted(&self.resource, scope);
        match self.mode {
            _ if self.scopes.is_empty() => granted(&String::new()),
            ScopesMode::All => self.scopes.iter().all(granted),
            ScopesMode::Any => self.scopes.iter().any(granted),
        }
    }
}

impl Unasked {
    fn refusal(self) -> Refusal {
        let (code, detail) = match self {
            Self::NoSettings => (RefusalCode::ResourceUnknown, "no authorization settings are loaded"),
            Self::NoResource => (RefusalCode::ResourceUnknown, "no resource has a uri for this path"),
            Self::ReadOtherwise => (
                RefusalCode::ResourceUnknown,
                "the policy enforcer reads this path otherwise than the route does",
            ),
            Self::SeveralResources => (
                RefusalCode::ResourceUnknown,
                "the uris of more than one resource could be meant by this path",
            ),
            Self::MethodWithoutScopes => {
                (RefusalCode::PermissionDenied, "the route names no scope for this method")
            }
        };
        Refusal::by_claims(code, detail.to_owned())
    }
}

/// Names that Keycloak's `permission` parameter cannot carry.
fn problem_with_resource(key: &str, name: &str) -> Option<Problem> {
    let message = if name.trim().is_empty() {
        "the resource has no name".to_owned()
    } else if name.starts_with("resource-type") && name.contains(':') {
        format!("`{name}` means all resources of a type to Keycloak")
    } else if name.contains('#') || name.contains(char::is_control) {
        format!("resource `{name}` cannot be asked for: its name has a `#` or a control character")
    } else {
        return None;
    };
    Some(Problem::new(key, message))
}

/// The same of ids. Keycloak reads a text without a `-` as a name; ids that it makes itself have some.
fn problem_with_id(key: &str, id: &str) -> Option<Problem> {
    if id.contains('-') {
        return problem_with_resource(key, id);
    }
    let message = format!("`{id}` cannot be asked for as an id: keycloak would read it as a name");
    Some(
        Problem::new(key, message)
            .hint("an id has a `-` in it; ask for the resource by its name, as `resource`"),
    )
}

fn problem_with_scope(key: &str, scope: &str) -> Option<Problem> {
    let message = if scope.trim().is_empty() {
        "a scope has no name".to_owned()
    } else if scope.contains(['#', ',']) || scope.contains(char::is_control) {
        format!("scope `{scope}` cannot be asked for: its name has a `#`, a `,` or a control character")
    } else {
        return None;
    };
    Some(Problem::new(key, message))
}

#[cfg(test)]
mod tests;

//! `[routes.NAME]` -> [`Route`], with every problem of every route.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method};
use secrecy::ExposeSecret;

use super::cors::Cors;
use super::realm::Realm;
use super::route::{Authorization, Destination, Route};
use crate::authz::{ClaimPoints, Needs, Requirement};
use crate::config::{
    AuthorizationHeader, Config, EnforcementMode, EvaluationMode, IntrospectionMode, Problem, RouteConfig,
};
use crate::proxy::Upstream;
use crate::route::{HostPattern, Pattern, RouteKey, RouteTable};
use crate::telemetry::metrics;

/// What the routes of a configuration refer to.
pub(super) struct RouteCompiler<'a> {
    pub(super) config: &'a Config,
    pub(super) folder: &'a Path,
    pub(super) realms: &'a BTreeMap<String, Arc<Realm>>,
    pub(super) upstreams: &'a BTreeMap<String, Arc<Upstream>>,
}

impl RouteCompiler<'_> {
    /// Compiles all routes; `None` if one of them has a problem.
    pub(super) fn compile(&self, problems: &mut Vec<Problem>) -> Option<RouteTable<Arc<Route>>> {
        let before = problems.len();
        let (mut keys, mut routes) = (Vec::new(), Vec::new());
        for (index, (name, config)) in self.config.routes.iter().enumerate() {
            let mut one = One { all: self, name, config, problems };
            let key = one.matches();
            keys.extend(key.clone().map(|key| (key, ())));
            routes.extend(key.zip(one.compile(index)));
        }
        if problems.len() > before {
            // Those that tie are told besides.
            table(keys, problems);
            return None;
        }
        table(routes, problems)
    }
}

fn table<T>(routes: Vec<(RouteKey, T)>, problems: &mut Vec<Problem>) -> Option<RouteTable<T>> {
    let place = |(route, message)| Problem::new(format!("routes.{route}.path"), message);
    RouteTable::compile(routes).map_err(|ties| problems.extend(ties.into_iter().map(place))).ok()
}

/// One route on its way.
struct One<'a> {
    all: &'a RouteCompiler<'a>,
    name: &'a str,
    config: &'a RouteConfig,
    problems: &'a mut Vec<Problem>,
}

impl One<'_> {
    /// What the route matches; `None` if a part of that has a problem.
    fn matches(&mut self) -> Option<RouteKey> {
        let before = self.problems.len();
        let (pattern, hosts, methods) = (self.pattern(), self.hosts(), self.methods());
        let key = RouteKey { name: self.name.to_owned(), hosts, pattern: pattern?, methods };
        (self.problems.len() == before).then_some(key)
    }

    fn compile(mut self, index: usize) -> Option<Arc<Route>> {
        let upstream = self.upstream();
        let realms = self.realms();
        let requirement = self.requirement(&realms);
        let cors = self.cors();
        let strip_prefix = self.strip_prefix();
        let authorization = self.authorization();
        let pushed_claims = self.pushed_claims();
        let (upstream_name, upstream) = upstream?;
        let requirement = requirement?;
        let limits = &self.config.limits;
        let destination = Destination {
            upstream,
            upstream_name: Arc::from(upstream_name.as_str()),
            strip_prefix,
            authorization: authorization?,
            body_limit: Some(limits.body_bytes.get()).filter(|bytes| *bytes > 0),
            total_timeout: Some(limits.total_timeout.get()).filter(|after| *after > Duration::ZERO),
        };
        let route = Route {
            name: Arc::from(self.name),
            index,
            needs: requirement.needs(),
            depends_on_path: requirement.depends_on_path(),
            requirement: Arc::new(requirement),
            enforcement: self.config.enforcement,
            evaluation: self.config.evaluation,
            pushed_claims: pushed_claims?,
            realms,
            introspection: self.config.introspection,
            ticket: self.config.ticket,
            encoded_slashes: self.config.encoded_slashes,
            cors: cors?,
            destination,
            metrics: metrics().route(self.name, &upstream_name),
        };
        Some(Arc::new(route))
    }

    fn pattern(&mut self) -> Option<Pattern> {
        let parsed = Pattern::parse(&self.config.path);
        parsed.map_err(|message| self.problem("path", message)).ok()
    }

    fn hosts(&mut self) -> Vec<HostPattern> {
        let mut hosts = Vec::new();
        for (index, host) in self.config.hosts.iter().enumerate() {
            match HostPattern::parse(host) {
                Ok(host) => hosts.push(host),
                Err(message) => self.problem(&format!("hosts.{index}"), message),
            }
        }
        hosts
    }

    fn methods(&mut self) -> Vec<Method> {
        let mut methods = Vec::new();
        for (index, name) in self.config.methods.iter().enumerate() {
            let key = format!("methods.{index}");
            match Method::from_bytes(name.as_bytes()) {
                Ok(Method::CONNECT | Method::TRACE) => {
                    self.problem(&key, format!("`{name}` is never passed on"));
                }
                Ok(method) if *name == name.to_ascii_uppercase() => methods.push(method),
                _ => self.problem(&key, format!("`{name}` is not an HTTP method in upper case")),
            }
        }
        methods
    }

    fn upstream(&mut self) -> Option<(String, Arc<Upstream>)> {
        let configured = &self.all.config.upstreams;
        let name = match &self.config.upstream {
            Some(name) => name,
            None if configured.len() == 1 => configured.keys().next()?,
            None => {
                let hint = format!("set `routes.{}.upstream`", self.name);
                let message = "which upstream answers is not said, and there is not exactly one";
                self.problems.push(Problem::new(format!("routes.{}", self.name), message).hint(hint));
                return None;
            }
        };
        if !configured.contains_key(name) {
            let known = listed(configured.keys());
            let problem = Problem::new(self.key("upstream"), format!("there is no upstream `{name}`"));
            self.problems.push(problem.hint(format!("the upstreams are: {known}")));
        }
        // One that has problems of its own has reported them.
        let upstream = self.all.upstreams.get(name)?;
        Some((name.clone(), Arc::clone(upstream)))
    }

    fn realms(&mut self) -> Vec<Arc<Realm>> {
        if self.config.providers.is_empty() {
            return self.all.realms.values().cloned().collect();
        }
        let configured = &self.all.config.providers;
        let mut realms = Vec::new();
        for (index, name) in self.config.providers.iter().enumerate() {
            if !configured.contains_key(name) {
                let known = listed(configured.keys());
                let key = self.key(&format!("providers.{index}"));
                let problem = Problem::new(key, format!("there is no provider `{name}`"));
                self.problems.push(problem.hint(format!("the providers are: {known}")));
            }
            realms.extend(self.all.realms.get(name).cloned());
        }
        realms
    }

    fn requirement(&mut self, realms: &[Arc<Realm>]) -> Option<Requirement> {
        let compiled = Requirement::compile(&self.key("require"), &self.config.require);
        let requirement = compiled.map_err(|problems| self.problems.extend(problems)).ok()?;
        if requirement.needs() == Needs::Nothing || self.config.enforcement == EnforcementMode::Disabled {
            return Some(requirement);
        }
        if self.all.config.providers.is_empty() {
            let problem =
                Problem::new(self.key("require"), "a token is needed, and there is no provider to verify it");
            self.problems.push(problem.hint("add `[providers.NAME]`, or set `require = \"public\"`"));
        }
        for realm in realms {
            self.check_realm(&requirement, realm);
        }
        if self.config.ticket && requirement.needs() != Needs::Permissions {
            self.problem("ticket", "a ticket is for a missing permission, and the route needs none");
        }
        Some(requirement)
    }

    /// What the route asks of each realm whose tokens it accepts.
    fn check_realm(&mut self, requirement: &Requirement, realm: &Realm) {
        let provider = realm.provider.name();
        if requirement.finds_resource_by_path() && !realm.authorizer.has_settings() {
            let message =
                format!("a resource is to be found by path, and provider `{provider}` has no settings");
            let hint =
                format!("set `providers.{provider}.authorization.settings` or `fetch`, or name the resource");
            self.problems.push(Problem::new(self.key("require"), message).hint(hint));
        }
        if self.config.evaluation == EvaluationMode::Local
            && requirement.needs() == Needs::Permissions
            && !realm.authorizer.has_settings()
        {
            let message = format!("`local` needs settings, and provider `{provider}` has none");
            let hint = format!("set `providers.{provider}.authorization.settings`, or `fetch`");
            self.problems.push(Problem::new(self.key("evaluation"), message).hint(hint));
        }
        let asks = matches!(self.config.introspection, Some(IntrospectionMode::Always));
        for (key, wanted) in [("ticket", self.config.ticket), ("introspection", asks)] {
            if wanted && !realm.has_secret {
                let message =
                    format!("this needs `client_secret` of provider `{provider}`, and none is configured");
                let hint = format!("set `providers.{provider}.client_secret`");
                self.problems.push(Problem::new(self.key(key), message).hint(hint));
            }
        }
    }

    fn pushed_claims(&mut self) -> Option<ClaimPoints> {
        let compiled = ClaimPoints::compile(&self.key("pushed_claims"), &self.config.pushed_claims);
        compiled.map_err(|problems| self.problems.extend(problems)).ok()
    }

    /// The outer `None`: there are problems.
    fn cors(&mut self) -> Option<Option<Cors>> {
        let Some(config) = &self.config.cors else { return Some(None) };
        match Cors::compile(&self.key("cors"), config) {
            Ok(cors) => Some(Some(cors)),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn strip_prefix(&mut self) -> Option<String> {
        let prefix = self.config.strip_prefix.as_ref()?;
        let rest = self.config.path.strip_prefix(prefix.as_str());
        if !prefix.starts_with('/') || prefix.ends_with('/') {
            self.problem("strip_prefix", format!("`{prefix}` does not start with `/`, or ends with one"));
        } else if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            self.problem("strip_prefix", format!("not every path of the route starts with `{prefix}`"));
        }
        Some(prefix.clone())
    }

    fn authorization(&mut self) -> Option<Authorization> {
        let (key, choice) = match &self.config.authorization_header {
            Some(choice) => (self.key("authorization_header"), choice),
            None => {
                let key = "identity.authorization_header".to_owned();
                (key, &self.all.config.identity.authorization_header)
            }
        };
        match choice {
            AuthorizationHeader::Strip => Some(Authorization::Strip),
            AuthorizationHeader::Pass => Some(Authorization::Pass),
            AuthorizationHeader::Replace(secret) => {
                let value = secret.read(self.all.folder).and_then(|text| {
                    HeaderValue::from_str(text.expose_secret())
                        .map_err(|_| format!("the secret `{secret}` cannot stand in a header"))
                });
                match value {
                    Ok(mut value) => {
                        value.set_sensitive(true);
                        Some(Authorization::Replace(value))
                    }
                    Err(message) => {
                        let problem = Problem::new(key, message);
                        // The one of `[identity]` would be reported for every route.
                        if !self.problems.contains(&problem) {
                            self.problems.push(problem);
                        }
                        None
                    }
                }
            }
        }
    }

    fn problem(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(self.key(key), message));
    }

    fn key(&self, key: &str) -> String {
        format!("routes.{}.{key}", self.name)
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

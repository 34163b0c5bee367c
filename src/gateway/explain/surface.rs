//! What can be asked for: each route with each method, and an example of a request for it.

use std::collections::BTreeSet;

use http::Method;

use crate::config::{RequireConditions, RequireConfig};
use crate::gateway::Gateway;
use crate::gateway::find_route::find;
use crate::gateway::judge;
use crate::gateway::route::Route;
use crate::route::{Pattern, RouteKey};

/// The methods that are asked for where a route has no list of its own and the method matters.
const USUAL_METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A route with one of its methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceRow {
    /// The route's name.
    pub route: String,
    /// The method; `*`: any, and it does not matter which.
    pub method: String,
    /// A host of the route; empty: any.
    pub host: String,
    /// The route's pattern, or the URI of a resource that has a decision of its own there.
    pub pattern: String,
    /// A URL that the route is in charge of, without its scheme and host if the route takes any.
    pub url: String,
}

impl SurfaceRow {
    /// An example, as a probe takes it.
    pub fn request(&self) -> String {
        let method = if self.method == "*" { "GET" } else { &self.method };
        format!("{method} {}", self.url)
    }
}

impl Gateway {
    /// The rows, the most specific route first. Where a route finds a resource of the settings by the path, each resource
    /// has rows of its own.
    pub fn surface(&self) -> Vec<SurfaceRow> {
        let mut rows = Vec::new();
        for (key, route) in self.routes().iter() {
            let methods = self.methods_of(key);
            for host in hosts(key) {
                for (pattern, url) in self.examples_of(key, route, &host, &methods) {
                    rows.extend(methods.iter().map(|method| SurfaceRow {
                        route: key.name.clone(),
                        method: method.clone(),
                        host: host.clone(),
                        pattern: pattern.clone(),
                        url: url.clone(),
                    }));
                }
            }
        }
        rows
    }

    /// Every method that a route or a requirement names, and the usual ones.
    pub fn named_methods(&self) -> BTreeSet<String> {
        let mut methods: BTreeSet<String> = USUAL_METHODS.map(str::to_owned).into();
        for (key, _) in self.routes().iter() {
            methods.extend(key.methods.iter().map(Method::to_string));
            if let Some(config) = self.config().routes.get(&key.name) {
                named_in(&config.require, &mut methods);
            }
        }
        methods
    }

    fn methods_of(&self, key: &RouteKey) -> Vec<String> {
        if !key.methods.is_empty() {
            return key.methods.iter().map(Method::to_string).collect();
        }
        let mut named = BTreeSet::new();
        let config = self.config().routes.get(&key.name);
        if !config.is_some_and(|config| named_in(&config.require, &mut named)) {
            return vec!["*".to_owned()];
        }
        let usual = USUAL_METHODS.map(str::to_owned);
        let others = named.into_iter().filter(|method| !USUAL_METHODS.contains(&method.as_str()));
        usual.into_iter().chain(others.collect::<Vec<_>>()).collect()
    }

    /// Patterns, each with a URL that the route is in charge of.
    fn examples_of(
        &self,
        key: &RouteKey,
        route: &Route,
        host: &str,
        methods: &[String],
    ) -> Vec<(String, String)> {
        let origin = match host {
            "" => String::new(),
            host => format!("http://{}", host.replacen('*', "any", 1)),
        };
        let method = methods.first().map_or("GET", |method| if method == "*" { "GET" } else { method });
        let example = |pattern: &Pattern| {
            let urls = pattern.examples().into_iter().map(|path| format!("{origin}{path}"));
            urls.into_iter().find(|url| self.leads_to(&format!("{method} {url}"), route))
        };
        let own = example(&key.pattern);
        let mut examples = Vec::new();
        if route.requirement.finds_resource_by_path() {
            let mut uris = BTreeSet::new();
            for realm in &route.realms {
                let Some(model) = realm.authorizer.model() else { continue };
                uris.extend(model.resources().iter().flat_map(|resource| resource.uris()).cloned());
            }
            for uri in uris {
                if let Some(url) = Pattern::parse(&uri).ok().and_then(|pattern| example(&pattern)) {
                    examples.push((uri, url));
                }
            }
        }
        if let Some(own) = own
            && !examples.iter().any(|(_, url)| *url == own)
        {
            examples.push((key.pattern.as_str().to_owned(), own));
        }
        examples
    }

    fn leads_to(&self, request: &str, route: &Route) -> bool {
        let Ok(mut request) = judge::parse(request) else { return false };
        find(&mut request, self).is_ok_and(|(_, found)| found.index == route.index)
    }
}

fn hosts(key: &RouteKey) -> Vec<String> {
    if key.hosts.is_empty() {
        vec![String::new()]
    } else {
        key.hosts.iter().map(ToString::to_string).collect()
    }
}

/// Collects the methods that a requirement names; whether the method matters to it.
fn named_in(require: &RequireConfig, methods: &mut BTreeSet<String>) -> bool {
    let RequireConfig::Conditions(conditions) = require else { return false };
    let RequireConditions { permission, all, any, not, .. } = &**conditions;
    let mut matters = false;
    if let Some(permission) = permission {
        matters = permission.method_as_scope || !permission.methods.is_empty();
        methods.extend(permission.methods.keys().cloned());
    }
    for nested in all.iter().chain(any).chain(not) {
        matters |= named_in(nested, methods);
    }
    matters
}

//! What is allowed but deserves a look.

use std::sync::Arc;

use super::route::Route;
use crate::authz::Needs;
use crate::config::{Config, EnforcementMode, Problem};
use crate::route::{RouteKey, RouteTable};

/// The warnings for a configuration that compiled.
pub(super) fn of(config: &Config, routes: &RouteTable<Arc<Route>>) -> Vec<Problem> {
    let mut warnings = Vec::new();
    if config.routes.is_empty() {
        let problem = Problem::new("", "there are no routes, so every request is refused with 404");
        warnings.push(problem.hint("a route is a table `[routes.NAME]` with a `path` and what it requires"));
    }
    for (name, provider) in &config.providers {
        if provider.token.any_audience {
            let key = format!("providers.{name}.token.any_audience");
            let message = "a token for any other service of the realm is good here too";
            warnings.push(Problem::new(key, message).hint("name the audiences in `audience`"));
        }
    }
    for (index, network) in config.listener.trusted_proxies.iter().enumerate() {
        if network.prefix_len() == 0 {
            let key = format!("listener.trusted_proxies.{index}");
            let message = "every caller is trusted to say what address it has";
            warnings.push(Problem::new(key, message).hint("name the addresses of the proxies"));
        }
    }
    for (key, route) in routes.iter() {
        warnings.extend(read_otherwise(key, route));
        warnings.extend(not_enforced(route));
        warnings.extend(public_under_guarded(key, route, routes));
    }
    warnings
}

/// The permission's resource is found by Keycloak's rules, the route by ours.
fn read_otherwise(key: &RouteKey, route: &Route) -> Option<Problem> {
    if !route.requirement.finds_resource_by_path() {
        return None;
    }
    let path = key.pattern.differs_from_keycloak()?;
    let message = format!(
        "Keycloak's matcher reads `{}` otherwise than this route does, for `{path}`",
        key.pattern.as_str()
    );
    let hint = "name the resource, or write a pattern that both read alike";
    Some(Problem::new(format!("routes.{}.path", route.name), message).hint(hint))
}

fn not_enforced(route: &Route) -> Option<Problem> {
    let message = match route.enforcement {
        EnforcementMode::Enforcing => return None,
        EnforcementMode::Permissive => "what `require` refuses is let through",
        EnforcementMode::Disabled => "`require` is not looked at, and neither is a token",
    };
    Some(Problem::new(format!("routes.{}.enforcement", route.name), message))
}

fn public_under_guarded(key: &RouteKey, route: &Route, routes: &RouteTable<Arc<Route>>) -> Option<Problem> {
    if route.needs != Needs::Nothing {
        return None;
    }
    let example = example(key.pattern.as_str());
    let meets = |other: &RouteKey| {
        other.hosts.is_empty()
            || key.hosts.is_empty()
            || other.hosts.iter().any(|host| key.hosts.contains(host))
    };
    let (_, guarded) = routes.iter().find(|(other, guarded)| {
        guarded.needs != Needs::Nothing && meets(other) && other.pattern.matches(&example)
    })?;
    let message = format!("public, under the guarded route `{}`", guarded.name);
    Some(Problem::new(format!("routes.{}.require", route.name), message))
}

/// A path that a pattern covers: a letter for each placeholder.
fn example(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment.strip_prefix('*') {
        Some(extension) => format!("x{extension}"),
        None if segment.starts_with('{') => "x".to_owned(),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

//! `[routes.NAME]`.

use url::Url;

use super::{method, require, unknown};
use crate::config::{
    Config, CorsConfig, EvaluationMode, IntrospectionMode, Place, Problem, ProviderConfig, RequireConfig,
    RequireKeyword, RouteConfig, spelling,
};

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    for (name, route) in &config.routes {
        let key = format!("routes.{name}");
        upstream(&key, route, config, problems);
        for (index, provider) in route.providers.iter().enumerate() {
            problems.extend(unknown(
                &format!("{key}.providers.{index}"),
                "provider",
                provider,
                &config.providers,
            ));
        }
        for (index, text) in route.methods.iter().enumerate() {
            problems.extend(method(&format!("{key}.methods.{index}"), text));
        }
        require::check(&format!("{key}.require"), &route.require, problems);
        identity(&key, route, config, problems);
        if let Some(prefix) = &route.strip_prefix
            && !prefix.starts_with('/')
        {
            problems.push(Problem::new(format!("{key}.strip_prefix"), "a prefix begins with `/`"));
        }
        if let Some(settings) = &route.cors {
            cors(&format!("{key}.cors"), settings, problems);
        }
    }
}

fn upstream(key: &str, route: &RouteConfig, config: &Config, problems: &mut Vec<Problem>) {
    let key = format!("{key}.upstream");
    match &route.upstream {
        Some(name) => problems.extend(unknown(&key, "upstream", name, &config.upstreams)),
        None if config.upstreams.is_empty() => problems.push(
            Problem::new(key, "there is no upstream to send requests to")
                .hint("add `[upstreams.NAME]` with `endpoints`")
                .at(Place::Key),
        ),
        None if config.upstreams.len() > 1 => problems.push(
            Problem::new(key, "there are several upstreams, and the route names none")
                .hint(format!(
                    "`upstream` is one of {}",
                    spelling::listed(config.upstreams.keys().map(String::as_str))
                ))
                .at(Place::Key),
        ),
        None => {}
    }
}

/// What the route needs of the providers whose tokens count here.
fn identity(key: &str, route: &RouteConfig, config: &Config, problems: &mut Vec<Problem>) {
    if matches!(route.require, RequireConfig::Keyword(RequireKeyword::Public)) {
        return;
    }
    if config.providers.is_empty() {
        problems.push(
            Problem::new(
                format!("{key}.require"),
                "the route needs a token, and there is no provider to verify it with",
            )
            .hint("add `[providers.NAME]`, or say `require = \"public\"`"),
        );
    }
    let counts = |name: &String| route.providers.is_empty() || route.providers.contains(name);
    let providers = || config.providers.iter().filter(|(name, _)| counts(name));
    let lacking = |at: &str, what: &str, lacks: fn(&ProviderConfig) -> bool, missing: &str| -> Vec<Problem> {
        let lacking = providers().filter(|(_, provider)| lacks(provider));
        let problem = |(name, _): (&String, _)| {
            Problem::new(format!("{key}.{at}"), format!("{what} needs `providers.{name}.{missing}`"))
        };
        lacking.map(problem).collect()
    };
    let permissions = require::Permissions::of(&route.require);
    if permissions.by_path {
        let lacks = |provider: &ProviderConfig| !provider.authorization.has_settings();
        problems.extend(lacking(
            "require",
            "a permission without `resource`",
            lacks,
            "authorization.settings",
        ));
    }
    if route.evaluation == EvaluationMode::Local && permissions.any {
        let lacks = |provider: &ProviderConfig| !provider.authorization.has_settings();
        problems.extend(lacking("evaluation", "`local`", lacks, "authorization.settings"));
    }
    let no_secret = |provider: &ProviderConfig| provider.client_secret.is_none();
    if route.introspection == Some(IntrospectionMode::Always) {
        problems.extend(lacking("introspection", "introspection", no_secret, "client_secret"));
        let never =
            providers().filter(|(_, provider)| provider.introspection.mode == IntrospectionMode::Never);
        for (name, _) in never {
            problems.push(
                Problem::new(
                    format!("{key}.introspection"),
                    format!("`always`, and `providers.{name}.introspection.mode` is `never`: every token would be refused"),
                )
                .hint("let the provider introspect, or leave `introspection` out of the route"),
            );
        }
    }
    if route.ticket {
        problems.extend(lacking("ticket", "a permission ticket", no_secret, "client_secret"));
        if !permissions.any {
            problems.push(
                Problem::new(
                    format!("{key}.ticket"),
                    "the route requires no permission, so there is nothing for a ticket",
                )
                .hint("add `permission` to `require`, or remove `ticket`"),
            );
        }
    }
}

fn cors(key: &str, cors: &CorsConfig, problems: &mut Vec<Problem>) {
    let any = cors.origins.iter().any(|origin| origin == "*");
    if cors.origins.is_empty() {
        problems.push(
            Problem::new(format!("{key}.origins"), "no origin is allowed")
                .hint("remove `cors`, or name some"),
        );
    }
    if any && cors.credentials {
        problems.push(
            Problem::new(
                format!("{key}.credentials"),
                "`credentials` with the origin `*` would let every site act for its visitors",
            )
            .hint("name the origins"),
        );
    }
    if any && cors.origins.len() > 1 {
        problems.push(Problem::new(format!("{key}.origins"), "`*` stands alone"));
    }
    for (index, origin) in cors.origins.iter().enumerate() {
        let exact = Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
        if origin != "*" && !exact {
            problems.push(
                Problem::new(format!("{key}.origins.{index}"), format!("`{origin}` is not an origin"))
                    .hint("an origin is `https://HOST` or `https://HOST:PORT`: lower case, no path, no default port"),
            );
        }
    }
}

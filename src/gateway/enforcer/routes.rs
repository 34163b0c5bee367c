//! The paths of a policy enforcer, as routes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::probe;
use crate::config::{
    ClaimPointsConfig, EnforcerMethodFile, EnforcerMode, EnforcerPath, EnforcerPathFile, MethodScopes,
    ModedScopes, PermissionConfig, PolicyEnforcerFile, RequireConditions, RequireConfig, RequireKeyword,
    RouteConfig, ScopesEnforcementMode, ScopesMode,
};
use crate::route::Pattern;

/// What a file's paths come to.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) routes: BTreeMap<String, RouteConfig>,
    pub(super) problems: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Routes {
    /// Routes `NAME-1`, `NAME-2`, ... in the order of the file, and `NAME-rest` for what no path covers, if that is let
    /// through or looked for.
    pub(super) fn of(file: &PolicyEnforcerFile, name: &str, provider: &str, upstream: Option<&str>) -> Self {
        let mut made = Self::default();
        let paths = merged(&file.paths);
        let server = ServerPaths::of(file, &paths);
        made.check(file);
        made.check_paths(&paths, server);
        if !made.problems.is_empty() {
            return made;
        }
        let patterns: Arc<[String]> = paths.iter().map(|path| path.path.clone()).collect();
        let in_force = paths.iter().filter(|path| path.enforcement_mode != EnforcerMode::Disabled);
        let named: Arc<[String]> = in_force.filter_map(|path| path.name.clone()).collect();
        let draft = |path: &str| {
            let route = json!({ "path": path, "providers": [provider], "upstream": upstream });
            serde_json::from_value::<RouteConfig>(route).ok()
        };
        let enforcer = |index: Option<usize>, path: &EnforcerPathFile| EnforcerPath {
            patterns: Arc::clone(&patterns),
            index,
            looks_for_closer: match index {
                Some(_) => server == ServerPaths::Lazily,
                None => server != ServerPaths::Unused,
            },
            named: Arc::clone(&named),
            lets_the_rest_pass: file.enforcement_mode == EnforcerMode::Permissive,
            open_methods: open_methods(path),
        };
        for (index, path) in paths.iter().enumerate() {
            let Some(mut route) = draft(&path.path) else { continue };
            if path.enforcement_mode == EnforcerMode::Disabled {
                route.require = RequireConfig::Keyword(RequireKeyword::Public);
            } else {
                route.require = needed(permission(file, path, enforcer(Some(index), path)));
                route.ticket = file.user_managed_access.is_some();
                route.pushed_claims = made.pushed_claims(file, path);
            }
            made.routes.insert(format!("{name}-{}", index + 1), route);
        }
        let modes: Vec<EnforcerMode> = paths.iter().map(|path| path.enforcement_mode).collect();
        let differences = probe::compare(&patterns, &modes);
        made.problems.extend(differences.weaker);
        made.warnings.extend(differences.stricter);
        if server == ServerPaths::Unused && file.enforcement_mode == EnforcerMode::Permissive {
            made.warnings
                .push("permissive: any good token is let through where no path is in charge".to_owned());
        }
        // Another route with this path would be a tie; and it covers everything.
        let has_all = patterns.iter().any(|pattern| pattern == "/*");
        let is_refused = server == ServerPaths::Unused && file.enforcement_mode != EnforcerMode::Permissive;
        if !has_all
            && !is_refused
            && let Some(mut route) = draft("/*")
        {
            let path = EnforcerPathFile::default();
            route.require = needed(permission(file, &path, enforcer(None, &path)));
            route.ticket = file.user_managed_access.is_some();
            route.pushed_claims = made.pushed_claims(file, &path);
            made.routes.insert(format!("{name}-rest"), route);
        }
        made
    }

    fn check(&mut self, file: &PolicyEnforcerFile) {
        if file.enforcement_mode == EnforcerMode::Disabled {
            self.problems
                .push("`enforcement-mode` is `DISABLED`, so that there is nothing to enforce".to_owned());
        }
        if file.on_deny_redirect_to.is_some() {
            self.warnings.push("`on-deny-redirect-to` is not taken over: a refusal is a 403".to_owned());
        }
    }

    /// The claims that a path pushes: those of the file, and its own in their place.
    fn pushed_claims(&mut self, file: &PolicyEnforcerFile, path: &EnforcerPathFile) -> ClaimPointsConfig {
        let mut pushed = ClaimPointsConfig::default();
        for points in [&file.claim_information_point, &path.claim_information_point].into_iter().flatten() {
            let read = |points: &Value| {
                serde_json::from_value::<BTreeMap<String, ClaimPointsConfig>>(points.clone())
            };
            if let Ok(mut by_kind) = read(points) {
                pushed.claims.extend(by_kind.remove("claims").unwrap_or_default().claims);
                if by_kind.is_empty() {
                    continue;
                }
            }
            let fact = "of `claim-information-point` only `claims` is taken over, and policies may depend on the rest";
            if !self.problems.iter().any(|problem| problem == fact) {
                self.problems.push(fact.to_owned());
            }
        }
        pushed
    }

    fn check_paths(&mut self, paths: &[EnforcerPathFile], server: ServerPaths) {
        for whole in paths {
            let EnforcerPathFile { path, name, id, enforcement_mode, .. } = whole;
            if let Err(fact) = Pattern::parse(path) {
                self.problems.push(format!("{fact}; the policy enforcer would take it, a route does not"));
            }
            if id.is_some() && name.is_none() {
                self.problems.push(format!("path `{path}` has a resource's `id`, and no `name`"));
            }
            if *enforcement_mode == EnforcerMode::Permissive {
                self.warnings.push(format!(
                    "path `{path}` is permissive, and is enforced: the policy enforcer, too, refuses there what \
                     keycloak refuses"
                ));
            }
            if *enforcement_mode == EnforcerMode::Disabled
                && server == ServerPaths::Loaded
                && path.contains(['*', '{'])
            {
                self.problems.push(format!(
                    "path `{path}` is disabled, and all others come from the server: the policy enforcer guards those \
                     of them that are closer to a request, a route does not"
                ));
            }
            self.warnings.extend(open_methods(whole).into_iter().map(|method| {
                format!("`{method}` of path `{path}` needs no permission: any good token is let through")
            }));
        }
    }
}

/// What the policy enforcer asks the server for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerPaths {
    /// No paths; only the resources of those in the file.
    Unused,
    /// All of them when it starts.
    Loaded,
    /// That of a request, where no path covers it, or one with a `*`.
    Lazily,
}

impl ServerPaths {
    fn of(file: &PolicyEnforcerFile, paths: &[EnforcerPathFile]) -> Self {
        if file.lazy_load_paths || file.path_cache.is_some() {
            Self::Lazily
        } else if paths.iter().all(|path| path.enforcement_mode == EnforcerMode::Disabled) {
            Self::Loaded
        } else {
            Self::Unused
        }
    }
}

/// Paths that are there twice are one: the first, with the methods and scopes of all.
fn merged(paths: &[EnforcerPathFile]) -> Vec<EnforcerPathFile> {
    let mut merged: Vec<EnforcerPathFile> = Vec::with_capacity(paths.len());
    for path in paths {
        match merged.iter_mut().find(|first| first.path == path.path) {
            Some(first) => {
                first.methods.extend(path.methods.iter().cloned());
                first.scopes.extend(path.scopes.iter().cloned());
            }
            None => merged.push(path.clone()),
        }
    }
    merged
}

fn needed(permission: PermissionConfig) -> RequireConfig {
    RequireConfig::Conditions(Box::new(RequireConditions {
        permission: Some(permission),
        ..Default::default()
    }))
}

fn permission(
    file: &PolicyEnforcerFile,
    path: &EnforcerPathFile,
    enforcer: EnforcerPath,
) -> PermissionConfig {
    PermissionConfig {
        resource: path.name.clone(),
        resource_id: None,
        scopes: path.scopes.clone(),
        mode: ScopesMode::Any,
        methods: methods(path).map(|(name, method)| (name, scopes_of(method))).collect(),
        method_as_scope: file.http_method_as_scope,
        enforcer: Some(enforcer),
    }
}

/// The methods in upper case. Of a method that is named twice the first counts, which is the last here.
fn methods(path: &EnforcerPathFile) -> impl Iterator<Item = (String, &EnforcerMethodFile)> {
    path.methods.iter().rev().map(|method| (method.method.to_uppercase(), method))
}

/// Methods that need no permission, as the policy enforcer compares them: in lower case it would know none of them.
fn open_methods(path: &EnforcerPathFile) -> Vec<String> {
    let first_of: BTreeMap<_, _> = methods(path).collect();
    let open = first_of.into_iter().filter(|(name, method)| {
        method.scopes_enforcement_mode == ScopesEnforcementMode::Disabled && method.method == *name
    });
    open.map(|(name, _)| name).collect()
}

fn scopes_of(method: &EnforcerMethodFile) -> MethodScopes {
    let (scopes, mode) = match method.scopes_enforcement_mode {
        ScopesEnforcementMode::Any => (method.scopes.clone(), ScopesMode::Any),
        ScopesEnforcementMode::All | ScopesEnforcementMode::Disabled => {
            (method.scopes.clone(), ScopesMode::All)
        }
    };
    MethodScopes::Moded(ModedScopes { scopes, mode })
}

//! The paths of a policy enforcer, as routes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::probe;
use crate::config::{
    ClaimPointsConfig, EnforcementMode, EnforcerMethodFile, EnforcerMode, EnforcerPath, EnforcerPathFile,
    MethodScopes, ModedScopes, PermissionConfig, PolicyEnforcerFile, RequireConditions, RequireConfig,
    RequireKeyword, RouteConfig, ScopesEnforcementMode, ScopesMode,
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
        made.check(file);
        let paths = merged(&file.paths);
        let patterns: Arc<[String]> = paths.iter().map(|path| path.path.clone()).collect();
        made.check_paths(&paths);
        if !made.problems.is_empty() {
            return made;
        }
        let draft = |path: &str| {
            let route = json!({ "path": path, "providers": [provider], "upstream": upstream });
            serde_json::from_value::<RouteConfig>(route).ok()
        };
        for (index, path) in paths.iter().enumerate() {
            let Some(mut route) = draft(&path.path) else { continue };
            if path.enforcement_mode == EnforcerMode::Disabled {
                route.require = RequireConfig::Keyword(RequireKeyword::Public);
            } else {
                let enforcer = EnforcerPath { patterns: Arc::clone(&patterns), index };
                route.require = needed(permission(file, path, Some(enforcer)));
                route.ticket = file.user_managed_access.is_some();
                route.pushed_claims = made.pushed_claims(file, path);
            }
            if path.enforcement_mode == EnforcerMode::Permissive {
                route.enforcement = EnforcementMode::Permissive;
            }
            made.routes.insert(format!("{name}-{}", index + 1), route);
        }
        let modes: Vec<EnforcerMode> = paths.iter().map(|path| path.enforcement_mode).collect();
        let differences = probe::compare(&patterns, &modes);
        made.problems.extend(differences.weaker);
        made.warnings.extend(differences.stricter);
        let rest = made.rest(file, &patterns);
        let pushed_by_rest = made.pushed_claims(file, &EnforcerPathFile::default());
        made.routes.extend(rest.zip(draft("/*")).map(|(require, mut route)| {
            route.ticket =
                file.user_managed_access.is_some() && matches!(require, RequireConfig::Conditions(_));
            route.require = require;
            route.pushed_claims = pushed_by_rest;
            (format!("{name}-rest"), route)
        }));
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

    fn check_paths(&mut self, paths: &[EnforcerPathFile]) {
        for path in paths {
            if let Err(fact) = Pattern::parse(&path.path) {
                self.problems.push(format!("{fact}; the policy enforcer would take it, a route does not"));
            }
            if path.id.is_some() && path.name.is_none() {
                self.problems.push(format!("path `{}` has a resource's `id`, and no `name`", path.path));
            }
            if path.enforcement_mode == EnforcerMode::Permissive {
                self.warnings
                    .push(format!("path `{}` is permissive: what is refused is let through", path.path));
            }
        }
    }

    /// What is needed where no path of the file is in charge; `None`: that is refused.
    fn rest(&mut self, file: &PolicyEnforcerFile, patterns: &[String]) -> Option<RequireConfig> {
        if patterns.iter().any(|pattern| pattern == "/*") {
            return None;
        }
        if patterns.is_empty() || file.lazy_load_paths {
            // Found by the URIs of the settings, as the enforcer asks the server for them.
            return Some(needed(permission(file, &EnforcerPathFile::default(), None)));
        }
        if file.enforcement_mode == EnforcerMode::Permissive {
            self.warnings
                .push("permissive: any good token is let through where no path is in charge".to_owned());
            return Some(RequireConfig::Keyword(RequireKeyword::Authenticated));
        }
        None
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
    enforcer: Option<EnforcerPath>,
) -> PermissionConfig {
    // Of a method that is named twice the first counts.
    let methods = path.methods.iter().rev().map(|method| (method.method.to_uppercase(), scopes_of(method)));
    PermissionConfig {
        resource: path.name.clone(),
        resource_id: None,
        scopes: path.scopes.clone(),
        mode: ScopesMode::Any,
        methods: methods.collect(),
        method_as_scope: file.http_method_as_scope,
        enforcer,
    }
}

fn scopes_of(method: &EnforcerMethodFile) -> MethodScopes {
    let (scopes, mode) = match method.scopes_enforcement_mode {
        ScopesEnforcementMode::All => (method.scopes.clone(), ScopesMode::All),
        ScopesEnforcementMode::Any => (method.scopes.clone(), ScopesMode::Any),
        ScopesEnforcementMode::Disabled => (Vec::new(), ScopesMode::All),
    };
    MethodScopes::Moded(ModedScopes { scopes, mode })
}

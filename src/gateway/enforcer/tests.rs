use serde_json::Value;

use super::*;
use crate::config::{EnforcementMode, PermissionConfig, RequireConfig, RequireKeyword};
use crate::gateway::Gateway;

const APP: &str = r#"
    [upstreams.echo]
    endpoints = ["http://localhost:1"]
    [enforcers.app]
    file = "policy-enforcer.json"
"#;

fn folder(file: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy-enforcer.json"), file.to_string()).unwrap();
    folder
}

/// A file with this enforcer's part.
fn file(enforcer: Value) -> Value {
    json!({
        "realm": "shop", "auth-server-url": "https://sso.example.com/", "resource": "shop-api",
        "credentials": { "secret": "hunter2" }, "policy-enforcer": enforcer,
    })
}

fn taken(file: &Value) -> Result<(Config, Vec<String>), Vec<String>> {
    taken_with("", file)
}

/// The same with further lines of the section.
fn taken_with(more: &str, file: &Value) -> Result<(Config, Vec<String>), Vec<String>> {
    let folder = folder(file);
    let config: Config = toml::from_str(&format!("{APP}{more}")).unwrap();
    let texts =
        |problems: Vec<Problem>| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>();
    match take_over(&config, folder.path()) {
        Ok((config, warnings)) => Ok((config.into_owned(), texts(warnings))),
        Err(problems) => Err(texts(problems)),
    }
}

fn refused(enforcer: Value) -> String {
    taken(&file(enforcer)).unwrap_err().join("\n")
}

#[test]
fn copied_file_makes_a_provider_and_routes() {
    let (config, warnings) = taken(&file(json!({ "paths": [
        { "path": "/orders/*", "name": "Orders", "methods": [
            { "method": "GET", "scopes": ["view"] },
            { "method": "POST", "scopes": ["create", "admin"], "scopes-enforcement-mode": "ANY" },
        ]},
        { "path": "/public/*", "enforcement-mode": "DISABLED" },
        { "path": "/trial/*", "name": "Trial", "enforcement-mode": "PERMISSIVE" },
    ]})))
    .unwrap();
    let provider = &config.providers["app"];
    assert_eq!(provider.issuer, "https://sso.example.com/realms/shop");
    assert_eq!(provider.client_id, "shop-api");
    assert_eq!(
        provider.client_secret.as_ref().unwrap().to_string(),
        "json:policy-enforcer.json#/credentials/secret"
    );
    assert_eq!(config.routes.keys().collect::<Vec<_>>(), ["app-1", "app-2", "app-3"]);
    let orders = &config.routes["app-1"];
    assert_eq!((orders.path.as_str(), orders.ticket), ("/orders/*", false));
    assert_eq!(orders.providers, ["app"]);
    let RequireConfig::Conditions(conditions) = &orders.require else { panic!("{:?}", orders.require) };
    let permission = conditions.permission.as_ref().unwrap();
    assert_eq!(permission.resource.as_deref(), Some("Orders"));
    assert_eq!(
        serde_json::to_value(&permission.methods).unwrap(),
        json!({ "GET": { "scopes": ["view"], "mode": "all" }, "POST": { "scopes": ["create", "admin"], "mode": "any" } })
    );
    assert!(matches!(config.routes["app-2"].require, RequireConfig::Keyword(RequireKeyword::Public)));
    // What keycloak refuses there, the java enforcer refuses, too.
    assert_eq!(config.routes["app-3"].enforcement, EnforcementMode::Enforcing);
    assert!(matches!(config.routes["app-3"].require, RequireConfig::Conditions(_)));
    assert_eq!(warnings.len(), 2, "{warnings:?}");
}

#[test]
fn whole_gateway_is_compiled_from_a_copied_file() {
    let folder =
        folder(&file(json!({ "user-managed-access": {}, "paths": [{ "path": "/a", "name": "A" }] })));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config: Config = toml::from_str(APP).unwrap();
    let gateway = Gateway::compile(&config, folder.path(), runtime.handle(), None).unwrap();
    assert!(gateway.config().routes["app-1"].ticket);
    assert!(!serde_json::to_string(gateway.config()).unwrap().contains("hunter2"));
    assert!(gateway.warnings().iter().any(|warning| warning.key == "enforcers.app.file"));
}

#[test]
fn templates_need_the_settings_of_the_realm() {
    let folder = folder(&file(json!({ "paths": [{ "path": "/users/{id}", "name": "user" }] })));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config: Config = toml::from_str(APP).unwrap();
    let problems = Gateway::compile(&config, folder.path(), runtime.handle(), None).unwrap_err();
    assert_eq!(problems[0].key, "routes.app-1.require");
}

/// The permission that a route needs.
fn permission<'a>(config: &'a Config, route: &str) -> &'a PermissionConfig {
    let RequireConfig::Conditions(conditions) = &config.routes[route].require else {
        panic!("{:?}", config.routes[route].require)
    };
    conditions.permission.as_ref().unwrap()
}

#[test]
fn no_paths_means_those_of_the_settings() {
    let a = json!([{ "path": "/a", "name": "A" }]);
    let (config, _) = taken(&file(json!({ "http-method-as-scope": true }))).unwrap();
    let rest = permission(&config, "app-rest");
    assert!(rest.method_as_scope && rest.resource.is_none());
    assert!(rest.enforcer.as_ref().unwrap().looks_for_closer);
    let (config, _) = taken(&file(json!({ "lazy-load-paths": true, "paths": a }))).unwrap();
    let rest = permission(&config, "app-rest").enforcer.as_ref().unwrap();
    assert!(rest.looks_for_closer && !rest.lets_the_rest_pass);
    assert_eq!(&*rest.named, ["A"]);
    assert!(permission(&config, "app-1").enforcer.as_ref().unwrap().looks_for_closer);
    let (config, _) = taken(&file(json!({ "paths": a }))).unwrap();
    assert!(!config.routes.contains_key("app-rest"), "what no path covers is refused");
    assert!(!permission(&config, "app-1").enforcer.as_ref().unwrap().looks_for_closer);
}

#[test]
fn path_cache_makes_paths_lazy_as_it_does_there() {
    let part = json!({ "path-cache": { "lifespan": 1000 }, "paths": [{ "path": "/*", "name": "All" }] });
    let (config, _) = taken(&file(part)).unwrap();
    assert!(permission(&config, "app-1").enforcer.as_ref().unwrap().looks_for_closer);
}

#[test]
fn disabled_paths_alone_leave_all_others_to_the_settings() {
    let health = json!({ "path": "/health", "enforcement-mode": "DISABLED" });
    let (config, _) = taken(&file(json!({ "paths": [health] }))).unwrap();
    assert!(matches!(config.routes["app-1"].require, RequireConfig::Keyword(RequireKeyword::Public)));
    assert!(permission(&config, "app-rest").enforcer.as_ref().unwrap().looks_for_closer);
    // What is below it at the server the enforcer guards.
    let public = json!([{ "path": "/public/*", "enforcement-mode": "DISABLED" }]);
    assert!(refused(json!({ "paths": public })).contains("closer to a request"));
    // Loaded lazily, it is as public as the path.
    taken(&file(json!({ "paths": public, "lazy-load-paths": true }))).unwrap();
}

#[test]
fn permissive_file_lets_good_tokens_through_where_no_path_is_in_charge() {
    let part = json!({ "enforcement-mode": "PERMISSIVE", "paths": [{ "path": "/a", "name": "A" }] });
    let (config, warnings) = taken(&file(part)).unwrap();
    let rest = permission(&config, "app-rest").enforcer.as_ref().unwrap();
    assert!(rest.lets_the_rest_pass && !rest.looks_for_closer);
    assert!(warnings.iter().any(|warning| warning.starts_with("permissive")), "{warnings:?}");
    let (config, _) = taken(&file(json!({ "enforcement-mode": "PERMISSIVE" }))).unwrap();
    let rest = permission(&config, "app-rest").enforcer.as_ref().unwrap();
    assert!(rest.lets_the_rest_pass && rest.looks_for_closer);
}

#[test]
fn method_without_enforcement_is_open_to_good_tokens_and_told() {
    let methods = json!([
        { "method": "GET", "scopes": ["view"], "scopes-enforcement-mode": "DISABLED" },
        { "method": "GET", "scopes": ["view"] },
        { "method": "PUT", "scopes": ["edit"] },
        { "method": "PUT", "scopes-enforcement-mode": "DISABLED" },
        { "method": "delete", "scopes-enforcement-mode": "DISABLED" },
    ]);
    let part = json!({ "paths": [{ "path": "/a", "name": "A", "methods": methods }] });
    let (config, warnings) = taken(&file(part)).unwrap();
    // Of a method that is named twice the first counts, and in lower case it is none to the enforcer.
    assert_eq!(permission(&config, "app-1").enforcer.as_ref().unwrap().open_methods, ["GET"]);
    assert!(warnings.iter().any(|warning| warning.starts_with("`GET` of path `/a`")), "{warnings:?}");
}

#[test]
fn equal_paths_are_one() {
    let part = json!({ "paths": [
        { "path": "/a", "name": "A", "scopes": ["view"], "methods": [{ "method": "GET", "scopes": ["read"] }] },
        { "path": "/a", "name": "B", "scopes": ["edit"], "methods": [{ "method": "PUT", "scopes": ["write"] }] },
    ]});
    let (config, _) = taken(&file(part)).unwrap();
    assert_eq!(config.routes.len(), 1);
    let RequireConfig::Conditions(conditions) = &config.routes["app-1"].require else { panic!() };
    let permission = conditions.permission.as_ref().unwrap();
    assert_eq!(permission.scopes, ["view", "edit"]);
    assert_eq!(permission.methods.keys().collect::<Vec<_>>(), ["GET", "PUT"]);
    assert_eq!(permission.resource.as_deref(), Some("A"));
}

#[test]
fn path_that_would_be_public_here_and_guarded_there_is_refused() {
    // The enforcer prefers the ending to the folder.
    let problem = refused(json!({ "paths": [
        { "path": "/static/*", "enforcement-mode": "DISABLED" },
        { "path": "/*.css", "name": "Styles" },
    ]}));
    assert!(problem.contains("`/*.css`") && problem.contains("a route as `/static/*`"), "{problem}");
}

#[test]
fn guarded_paths_that_are_read_otherwise_are_told() {
    let part = json!({ "paths": [{ "path": "/static/*", "name": "Static" }, { "path": "/*.css", "name": "Styles" }]});
    let (_, warnings) = taken(&file(part)).unwrap();
    assert!(warnings.iter().any(|warning| warning.ends_with("that is refused")), "{warnings:?}");
}

#[test]
fn what_cannot_be_taken_over_is_refused() {
    let path = json!([{ "path": "/a", "name": "A" }]);
    assert!(refused(json!({ "enforcement-mode": "DISABLED" })).contains("`DISABLED`"));
    assert!(
        refused(json!({ "paths": path, "claim-information-point": { "http": { "url": "http://x" } } }))
            .contains("claim-information")
    );
    assert!(refused(json!({ "paths": [{ "path": "/api*", "name": "A" }] })).contains("/api*"));
    assert!(refused(json!({ "paths": [{ "path": "/a", "id": "5" }] })).contains("`id`"));
    let mut jwt = file(json!({ "paths": path }));
    jwt["credentials"] = json!({ "jwt": { "client-keystore-file": "k.jks" } });
    assert!(taken(&jwt).unwrap_err()[0].contains("something else than a secret"));
    let mut nowhere = file(json!({ "paths": path }));
    nowhere["auth-server-url"] = json!("${env.SSO}");
    assert!(taken(&nowhere).unwrap_err()[0].contains("placeholder"));
}

#[test]
fn claim_information_points_are_pushed_a_paths_own_before_the_files() {
    let part = json!({
        "claim-information-point": { "claims": { "from": "{request.remoteAddr}", "kind": "file" } },
        "paths": [{ "path": "/a", "name": "A", "claim-information-point": { "claims": { "kind": ["path"] } } }],
    });
    let (config, _) = taken(&file(part)).unwrap();
    assert_eq!(
        serde_json::to_value(&config.routes["app-1"].pushed_claims).unwrap(),
        json!({ "from": "{request.remoteAddr}", "kind": ["path"] })
    );
}

#[test]
fn settings_are_fetched_by_the_client_of_the_file() {
    let (config, _) = taken_with("fetch = true", &file(json!({}))).unwrap();
    assert!(config.providers["app"].authorization.fetch);
    assert!(!taken(&file(json!({}))).unwrap().0.providers["app"].authorization.fetch);
    let mut secretless = file(json!({}));
    secretless["credentials"] = json!({});
    assert!(taken_with("fetch = true", &secretless).unwrap_err()[0].contains("no secret"));
    let beside = taken_with("fetch = true\nprovider = \"main\"", &file(json!({}))).unwrap_err();
    assert!(beside[0].contains("belong to the provider"), "{beside:?}");
}

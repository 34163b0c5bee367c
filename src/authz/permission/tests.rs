use http::Method;
use serde_json::{Value, json};

use super::{Permission, Question, RequestFacts, RequestedResource, ResourceKey, Unasked};
use crate::authz::Model;
use crate::config::{EnforcerPath, PermissionConfig, Problem, ScopesMode};

fn compile(config: Value) -> Result<Permission, Vec<Problem>> {
    Permission::compile("k", &serde_json::from_value(config).unwrap())
}

/// Resource, scopes and mode that are asked for.
fn asked(
    config: Value,
    method: &str,
    path: &str,
    model: Option<&Model>,
) -> Result<(String, String, ScopesMode), Unasked> {
    let permission = compile(config).unwrap();
    let method: Method = method.parse().unwrap();
    let requested = RequestedResource::new(RequestFacts { method: &method, path }, model);
    let question = permission.question(&requested)?.unwrap().into_owned();
    let Question { resource, scopes, mode, .. } = question;
    Ok((resource, scopes.join(","), mode))
}

fn question(resource: &str, scopes: &str, mode: ScopesMode) -> Result<(String, String, ScopesMode), Unasked> {
    Ok((resource.to_owned(), scopes.to_owned(), mode))
}

#[test]
fn a_resource_is_asked_for_by_the_key_that_the_route_has() {
    let by = |config: Value| {
        let permission = compile(config).unwrap();
        let requested = RequestedResource::new(RequestFacts { method: &Method::GET, path: "/x" }, None);
        let question = permission.question(&requested).unwrap().unwrap().into_owned();
        (permission.is_by_path(), permission.depends_on_path(), question.by, question.resource)
    };
    let text = || "id-1".to_owned();
    assert_eq!(by(json!({"resource": "id-1"})), (false, false, ResourceKey::Name, text()));
    assert_eq!(by(json!({"resource_id": "id-1"})), (false, false, ResourceKey::Id, text()));
}

/// Keycloak would take them for names, or for all resources of a type.
#[test]
fn what_keycloak_does_not_read_as_an_id_is_refused() {
    for id in ["", "plain", "resource-type:urn:x", "a-b#view", "a-b\n"] {
        assert!(compile(json!({"resource_id": id})).is_err(), "{id:?}");
    }
}

#[test]
fn named_resource_is_asked_with_its_scopes() {
    let config = json!({"resource": "Orders", "scopes": ["view", "list", "view"], "mode": "any"});
    assert_eq!(asked(config, "GET", "/x", None), question("Orders", "view,list", ScopesMode::Any));
    assert_eq!(
        asked(json!({"resource": "Orders"}), "GET", "/x", None),
        question("Orders", "", ScopesMode::All)
    );
}

#[test]
fn scopes_of_the_method_come_first() {
    let config = json!({"resource": "R", "scopes": ["other"], "methods": {
        "GET": ["view"], "POST": {"scopes": ["a", "b"], "mode": "any"}, "PUT": [],
    }});
    let of = |method| asked(config.clone(), method, "/", None);
    assert_eq!(of("GET"), question("R", "view", ScopesMode::All));
    assert_eq!(of("POST"), question("R", "a,b", ScopesMode::Any));
    assert_eq!(of("PUT"), question("R", "", ScopesMode::All));
    assert_eq!(of("DELETE"), question("R", "other", ScopesMode::All));
    assert_eq!(of("get"), question("R", "other", ScopesMode::All));
    assert_eq!(of("HEAD"), question("R", "view", ScopesMode::All), "as GET");
}

#[test]
fn method_itself_is_the_scope_where_nothing_else_is_said() {
    let config =
        json!({"resource": "R", "scopes": ["x"], "method_as_scope": true, "methods": {"GET": ["view"]}});
    assert_eq!(asked(config.clone(), "GET", "/", None), question("R", "view", ScopesMode::All));
    assert_eq!(asked(config.clone(), "DELETE", "/", None), question("R", "DELETE", ScopesMode::All));
    assert_eq!(asked(config, "delete", "/", None), question("R", "delete", ScopesMode::All));
}

#[test]
fn method_without_scopes_beside_methods_with_some_is_not_asked() {
    let config = json!({"resource": "R", "methods": {"GET": ["view"]}});
    assert_eq!(asked(config, "DELETE", "/", None), Err(Unasked::MethodWithoutScopes));
}

#[test]
fn resource_is_found_by_path() {
    let model = br#"{"resources": [{"name": "A", "uris": ["/a", "/x"]}, {"name": "B", "uris": ["/x"]}]}"#;
    let model = Model::parse(model).unwrap();
    let config = json!({"scopes": ["view"]});
    assert_eq!(asked(config.clone(), "GET", "/a", Some(&model)), question("A", "view", ScopesMode::All));
    assert_eq!(asked(config.clone(), "GET", "/b", Some(&model)), Err(Unasked::NoResource));
    assert_eq!(asked(config.clone(), "GET", "/x", Some(&model)), Err(Unasked::SeveralResources));
    assert_eq!(asked(config.clone(), "GET", "/a", None), Err(Unasked::NoSettings));
    assert!(compile(config).unwrap().is_by_path());
}

#[test]
fn what_cannot_be_asked_is_a_problem() {
    for (config, key) in [
        (json!({"resource": ""}), "k.resource"),
        (json!({"resource": "a#b"}), "k.resource"),
        (json!({"resource": "resource-type:urn:x"}), "k.resource"),
        (json!({"resource": "a\nb"}), "k.resource"),
        (json!({"scopes": [""]}), "k.scopes"),
        (json!({"scopes": ["a,b"]}), "k.scopes"),
        (json!({"methods": {"GET": ["a#b"]}}), "k.methods.GET"),
        (json!({"methods": {"get": ["a"]}}), "k.methods.get"),
        (json!({"methods": {"G T": ["a"]}}), "k.methods.G T"),
    ] {
        let problems = compile(config.clone()).unwrap_err();
        assert_eq!(
            problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(),
            [key],
            "{config}"
        );
    }
}

/// What a policy enforcer's path `/docs/*` asks for, where the server has a resource for `/docs/own` too.
fn asked_of_enforcer(config: Value, method: &str, path: &str) -> Result<Option<String>, Unasked> {
    let settings = json!({ "resources": [
        { "name": "Docs", "uris": ["/docs/*"] }, { "name": "Own", "uris": ["/docs/own"] },
    ]});
    let model = Model::parse(settings.to_string().as_bytes()).unwrap();
    let mut config: PermissionConfig = serde_json::from_value(config).unwrap();
    config.enforcer = Some(EnforcerPath {
        patterns: ["/docs/*".to_owned(), "/docs/other".to_owned()].into(),
        index: Some(0),
        looks_for_closer: true,
        named: Default::default(),
        lets_the_rest_pass: false,
        open_methods: vec!["DELETE".to_owned()],
    });
    let permission = Permission::compile("k", &config).unwrap();
    let method: Method = method.parse().unwrap();
    let requested = RequestedResource::new(RequestFacts { method: &method, path }, Some(&model));
    Ok(permission.question(&requested)?.map(|question| question.spelled()))
}

#[test]
fn any_scope_of_a_resource_that_is_loaded_lazily_is_enough_unless_the_method_names_some() {
    let config =
        json!({ "resource": "Docs", "scopes": ["edit"], "mode": "any", "methods": { "GET": ["view"] } });
    let asked = |method, path| asked_of_enforcer(config.clone(), method, path).unwrap().unwrap();
    assert_eq!(asked("GET", "/docs/x"), "Docs#view");
    assert_eq!(asked("PUT", "/docs/x"), "Docs#edit");
    assert_eq!(asked("GET", "/docs/own"), "Own#view");
    assert_eq!(asked("PUT", "/docs/own"), "Own");
    let by_method = json!({ "resource": "Docs", "method_as_scope": true });
    assert_eq!(asked_of_enforcer(by_method, "PUT", "/docs/own").unwrap().unwrap(), "Own#PUT");
}

#[test]
fn open_method_asks_for_nothing_on_a_path_that_the_enforcer_reads_alike() {
    let config = json!({ "resource": "Docs", "methods": { "GET": ["view"], "DELETE": ["delete"] } });
    let asked = |path| asked_of_enforcer(config.clone(), "DELETE", path);
    assert_eq!(asked("/docs/x"), Ok(None));
    assert_eq!(asked("/docs/other"), Err(Unasked::ReadOtherwise));
    assert!(asked_of_enforcer(config.clone(), "GET", "/docs/x").unwrap().is_some());
}

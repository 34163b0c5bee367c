use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Deserialize)]
struct Recording {
    enforcer_cases: Recorded,
}

#[derive(Deserialize)]
struct Recorded {
    resources: BTreeMap<String, Vec<String>>,
    sets: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    paths_config: Vec<Named>,
    cases: Vec<Case>,
}

#[derive(Clone, Deserialize)]
struct Named {
    path: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Case {
    path: String,
    #[serde(rename = "match")]
    pattern: Option<String>,
    resource: Option<String>,
    parent: Option<String>,
}

fn model(resources: serde_json::Value) -> Model {
    let settings = json!({ "resources": resources, "policies": [], "scopes": [] });
    Model::parse(settings.to_string().as_bytes()).unwrap()
}

fn path(patterns: &[&str], index: Option<usize>) -> EnforcerPath {
    EnforcerPath {
        patterns: patterns.iter().map(|pattern| (*pattern).to_owned()).collect(),
        index,
        looks_for_closer: false,
        named: Default::default(),
        lets_the_rest_pass: false,
        open_methods: Vec::new(),
    }
}

fn resource(patterns: &[&str], index: usize) -> EnforcerResource {
    EnforcerResource::new(&path(patterns, Some(index)))
}

fn own(name: &str) -> Result<FoundResource, Unasked> {
    Ok(FoundResource::Own(name.to_owned()))
}

fn other(name: &str) -> Result<FoundResource, Unasked> {
    Ok(FoundResource::Other(name.to_owned()))
}

#[test]
fn recorded_resources_of_the_policy_enforcer_are_found() {
    let recording = include_str!("../../../tests/data/paths/path-matcher-cases.json");
    let Recording { enforcer_cases: Recorded { resources, sets } } = serde_json::from_str(recording).unwrap();
    let with_uris = resources.iter().map(|(name, uris)| json!({ "name": name, "uris": uris }));
    let model = model(with_uris.collect());
    let mut found = 0;
    for set in sets {
        let of_server = resources.iter().flat_map(|(name, uris)| {
            uris.iter().map(|uri| Named { path: uri.clone(), name: Some(name.clone()) })
        });
        let paths = if set.paths_config.is_empty() { of_server.collect() } else { set.paths_config };
        let patterns: Vec<&str> = paths.iter().map(|path| path.path.as_str()).collect();
        for case in set.cases {
            let in_charge = case.parent.or(case.pattern);
            for (index, path) in paths.iter().enumerate() {
                let what = format!("{}: {} as {}", set.name, case.path, path.path);
                let named = path.name.as_deref().unwrap_or_default();
                let answer = resource(&patterns, index).find(&case.path, Some(&model), named);
                if in_charge.as_ref() != Some(&path.path) {
                    assert_eq!(answer, Err(Unasked::ReadOtherwise), "{what}");
                } else if let Some(name) = &case.resource {
                    assert_eq!(answer, own(name), "{what}");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn path_without_a_name_has_the_resource_of_its_own_uri() {
    let model =
        model(json!([{ "name": "admin", "uris": ["/admin/*"] }, { "name": "in", "uris": ["/admin/in"] }]));
    assert_eq!(resource(&["/admin/*"], 0).find("/admin/in", Some(&model), ""), own("admin"));
    assert_eq!(resource(&["/other/*"], 0).find("/other/x", Some(&model), ""), Err(Unasked::NoResource));
}

#[test]
fn instance_of_a_user_is_never_taken_for_the_template() {
    let alice = json!({ "name": "alice" });
    let model = model(json!([
        { "name": "user", "uris": ["/users/{id}"] },
        { "name": "hers", "uris": ["/Users/5"], "owner": alice },
    ]));
    let user = resource(&["/users/{id}"], 0);
    assert_eq!(user.find("/users/6", Some(&model), "user"), own("user"));
    assert_eq!(user.find("/users/5", Some(&model), "user"), Err(Unasked::SeveralResources));
}

#[test]
fn templates_need_to_know_the_resources() {
    let user = resource(&["/users/{id}", "/a"], 0);
    assert!(user.needs_settings(true));
    assert_eq!(user.find("/users/5", None, "user"), Err(Unasked::NoSettings));
    let plain = resource(&["/users/{id}", "/a"], 1);
    assert!(!plain.needs_settings(true));
    assert!(plain.needs_settings(false));
    assert_eq!(plain.find("/a", None, "A"), own("A"));
}

#[test]
fn closer_resource_of_the_server_takes_the_place_of_a_wildcards_where_paths_are_loaded_lazily() {
    let model = model(json!([
        { "name": "all", "uris": ["/*"] },
        { "name": "admin", "uris": ["/admin/*"] },
        { "name": "in", "uris": ["/admin/in"] },
    ]));
    let lazily = |pattern: &str, named: &str, request: &str| {
        let path = EnforcerPath { looks_for_closer: true, ..path(&[pattern], Some(0)) };
        EnforcerResource::new(&path).find(request, Some(&model), named)
    };
    assert_eq!(lazily("/*", "all", "/x"), own("all"));
    assert_eq!(lazily("/*", "all", "/admin/x"), other("admin"));
    assert_eq!(lazily("/*", "all", "/admin/in"), other("in"));
    assert_eq!(lazily("/admin/*", "admin", "/admin/in"), other("in"));
    // Without a star there is nothing to look for.
    assert_eq!(lazily("/admin/in", "all", "/admin/in"), own("all"));
    assert_eq!(resource(&["/*"], 0).find("/admin/in", Some(&model), "all"), own("all"));
    // A path without a resource of its own has the one that is found for the request.
    let model = self::model(json!([{ "name": "one", "uris": ["/none/1"] }]));
    let none = EnforcerResource::new(&EnforcerPath { looks_for_closer: true, ..path(&["/none/*"], Some(0)) });
    assert_eq!(none.find("/none/1", Some(&model), ""), other("one"));
    assert_eq!(none.find("/none/2", Some(&model), ""), Err(Unasked::NoResource));
    assert!(none.needs_settings(true));
    assert_eq!(none.find("/none/1", None, "named"), Err(Unasked::NoSettings));
}

#[test]
fn what_no_path_covers_is_looked_for_and_let_through_where_the_file_says_so() {
    let model = model(
        json!([{ "name": "orders", "uris": ["/orders/*"] }, { "name": "bills", "uris": ["/bills/*"] }]),
    );
    let find = |change: fn(&mut EnforcerPath), request: &str| {
        let mut path = path(&["/a", "/*.css"], None);
        path.named = ["orders".to_owned()].into();
        change(&mut path);
        EnforcerResource::new(&path).find(request, Some(&model), "")
    };
    let looked_for: fn(&mut EnforcerPath) = |path| path.looks_for_closer = true;
    let open: fn(&mut EnforcerPath) = |path| path.lets_the_rest_pass = true;
    let both: fn(&mut EnforcerPath) = |path| (path.looks_for_closer, path.lets_the_rest_pass) = (true, true);
    assert_eq!(find(looked_for, "/bills/1"), other("bills"));
    assert_eq!(find(looked_for, "/none"), Err(Unasked::NoResource));
    // A resource that a path names is that path's alone.
    assert_eq!(find(looked_for, "/orders/1"), Err(Unasked::NoResource));
    assert_eq!(find(open, "/bills/1"), Ok(FoundResource::None));
    assert_eq!(find(both, "/bills/1"), other("bills"));
    assert_eq!(find(both, "/orders/1"), Err(Unasked::NoResource));
    assert_eq!(find(both, "/none"), Ok(FoundResource::None));
    // The enforcer guards this one.
    assert_eq!(find(both, "/x.css"), Err(Unasked::ReadOtherwise));
}

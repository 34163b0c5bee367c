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

fn resource(patterns: &[&str], index: usize) -> EnforcerResource {
    let patterns = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    EnforcerResource::new(&EnforcerPath { patterns, index })
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
                    assert_eq!(answer.as_ref(), Ok(name), "{what}");
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
    assert_eq!(resource(&["/admin/*"], 0).find("/admin/in", Some(&model), "").as_deref(), Ok("admin"));
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
    assert_eq!(user.find("/users/6", Some(&model), "user").as_deref(), Ok("user"));
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
    assert_eq!(plain.find("/a", None, "A").as_deref(), Ok("A"));
}

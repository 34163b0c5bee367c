//! Wanted states that went through Ansible's module, and what the server then had: the same comes of them here, but for
//! what `differences.json` names. Recorded with community.general 11.4.2 and Keycloak 26.7.3.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::module::Bench;

/// Members of a step that are compared beside what the server has.
const ANSWERS: [&str; 3] = ["changed", "failed", "msg"];
/// Lists whose order means nothing.
const SETS: [&str; 4] = ["redirectUris", "webOrigins", "defaultClientScopes", "optionalClientScopes"];

#[test]
fn the_same_comes_of_a_wanted_state_as_with_the_module() {
    let mut differences: BTreeMap<String, Vec<[String; 2]>> =
        serde_json::from_value(read("differences.json")).expect("a table");
    let mut seen = 0;
    for name in names() {
        let Some(bench) = Bench::new() else { return };
        let case = read(&format!("{name}.json"));
        let found = replay(&bench, &case);
        let intended = differences.remove(&name).unwrap_or_default();
        let intended: BTreeSet<&str> = intended.iter().map(|[path, _]| path.as_str()).collect();
        let paths: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(paths, intended, "{name}: {found:#?}");
        seen += 1;
    }
    assert!(seen >= 20 && differences.is_empty(), "{seen} states; nothing is known of {differences:?}");
}

#[test]
fn every_difference_is_in_the_document() {
    let document = std::fs::read_to_string(root().join("docs/BOOTSTRAP-ANSIBLE.md")).expect("a document");
    let differences: BTreeMap<String, Vec<[String; 2]>> =
        serde_json::from_value(read("differences.json")).expect("a table");
    for (name, rows) in &differences {
        for [_, reason] in rows {
            let row = document.lines().find(|line| line.to_lowercase().contains(reason));
            let row = row.unwrap_or_else(|| panic!("{name}: `{reason}` is not there"));
            assert!(row.contains(name), "{name}: `{row}` does not name it");
        }
    }
}

/// Where the server, or the answer, is another than after the module: the path, with both.
fn replay(bench: &Bench, case: &Value) -> BTreeMap<String, Vec<String>> {
    for options in case["before"].as_array().expect("a list") {
        super::module::done(bench.apply(options));
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut there = Value::Null;
    for recorded in case["module"].as_array().expect("steps") {
        if recorded["step"] == "mended" {
            drift(bench, case);
        }
        let outcome = bench.apply(&case["options"]);
        let answer = json!({"changed": outcome.changed, "failed": outcome.failed, "msg": outcome.msg});
        // A step after which nothing is new has no state of its own.
        if let Some(state) = recorded.get("state") {
            there = state.clone();
        }
        for member in ANSWERS {
            // The message says no more than the two others.
            let both = [recorded, &answer].map(|one| one[member].clone());
            let is_other = match member {
                "msg" => both[0] != both[1] && recorded["changed"] == answer["changed"],
                "failed" => recorded["failed"].as_bool().unwrap_or(false) != outcome.failed,
                _ => both[0] != both[1],
            };
            if is_other && !(member == "msg" && recorded["failed"] == true) {
                note(&mut found, member, recorded, &both[0], &both[1]);
            }
        }
        let state = state(bench, &case["options"]);
        let parts = |whole: &Value| whole.as_object().cloned().unwrap_or_default();
        let (theirs, ours) = (parts(&there), parts(&state));
        let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
        for name in names {
            let (their, our) =
                (theirs.get(name).unwrap_or(&Value::Null), ours.get(name).unwrap_or(&Value::Null));
            if name == "client" {
                let (their, our) = (parts(their), parts(our));
                let members: BTreeSet<&String> = their.keys().chain(our.keys()).collect();
                for member in members {
                    let both = [&their, &our].map(|one| one.get(member).cloned().unwrap_or_default());
                    if both[0] != both[1] {
                        note(&mut found, &format!("client.{member}"), recorded, &both[0], &both[1]);
                    }
                }
            } else if their != our {
                note(&mut found, name, recorded, their, our);
            }
        }
    }
    found
}

fn note(found: &mut BTreeMap<String, Vec<String>>, path: &str, step: &Value, theirs: &Value, ours: &Value) {
    let line = format!("{}: {theirs} there, {ours} here", step["step"]);
    found.entry(path.to_owned()).or_default().push(line);
}

/// Lays the drift over the client, or brings back what the first task was to delete.
fn drift(bench: &Bench, case: &Value) {
    let Some(drift) = case["drift"].as_object() else {
        for options in case["before"].as_array().expect("a list") {
            super::module::done(bench.apply(options));
        }
        return;
    };
    let mut client = client(bench, &case["options"]).expect("a client");
    for (name, value) in drift {
        match (client.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more.clone()),
            _ => drop(client.insert(name.clone(), value.clone())),
        }
    }
    let id = client["id"].as_str().expect("an id").to_owned();
    bench.scene.run(bench.scene.realm.clients().update(&id, &Value::Object(client))).expect("a drift");
}

fn client(bench: &Bench, options: &Value) -> Option<Map<String, Value>> {
    if let Some(id) = options["id"].as_str() {
        let client = bench.scene.run(bench.scene.realm.clients().get(id)).ok()?;
        return client.as_object().cloned();
    }
    let name = options.get("client_id").or_else(|| options.get("clientId")).and_then(Value::as_str);
    bench.client(name.expect("a name"))
}

/// What the server has of the client, in the form in which it is recorded: without what is another every time.
fn state(bench: &Bench, options: &Value) -> Value {
    let Some(mut client) = client(bench, options) else { return Value::Null };
    let (scene, realm) = (&bench.scene, &bench.scene.realm);
    let id = client["id"].as_str().expect("an id").to_owned();
    let mut whole = json!({});
    if client.get("authorizationServicesEnabled") == Some(&Value::Bool(true)) {
        let settings = scene.run(realm.clients().authorization(&id).export()).expect("settings");
        whole["authorization"] = settings_without_ids(settings);
    }
    let default = scene.run(realm.default_roles().id()).expect("a role");
    let held = scene.run(realm.roles_by_id().composites(&default, Default::default()).all()).expect("roles");
    let mut roles: Vec<&str> = held
        .iter()
        .filter(|role| role["containerId"] == id.as_str())
        .filter_map(|role| role["name"].as_str())
        .collect();
    roles.sort_unstable();
    whole["roles_of_every_user"] = json!(roles);
    if options.get("id").is_none() {
        client.remove("id");
    }
    client.remove("access");
    if client.get("secret").is_some_and(|secret| Some(secret) != options.get("secret")) {
        client.insert("secret".to_owned(), json!("(generated)"));
    }
    if let Some(Value::Object(attributes)) = client.get_mut("attributes") {
        attributes.remove("client.secret.creation.time");
    }
    if let Some(Value::Object(overrides)) = client.get_mut("authenticationFlowBindingOverrides") {
        let flows = scene.run(realm.flows().list()).expect("flows");
        for flow in overrides.values_mut() {
            let found = flows.as_array().expect("a list").iter().find(|own| own["id"] == *flow);
            *flow = found.map_or_else(|| flow.clone(), |found| found["alias"].clone());
        }
    }
    for set in SETS {
        if let Some(list) = client.get_mut(set) {
            sort(list, |item| item.to_string());
        }
    }
    if let Some(mappers) = client.get_mut("protocolMappers") {
        without(mappers, &["id"]);
        sort(mappers, by_name);
    }
    whole["client"] = Value::Object(client);
    whole
}

fn settings_without_ids(mut settings: Value) -> Value {
    for name in ["id", "clientId", "name"] {
        settings.as_object_mut().expect("an object").remove(name);
    }
    for list in ["resources", "scopes", "policies"] {
        if settings[list].is_null() {
            settings[list] = json!([]);
        }
        without(&mut settings[list], &["id", "_id"]);
        sort(&mut settings[list], by_name);
    }
    for resource in settings["resources"].as_array_mut().expect("a list") {
        sort(&mut resource["uris"], |uri| uri.to_string());
        without(&mut resource["scopes"], &["id"]);
        sort(&mut resource["scopes"], by_name);
    }
    settings
}

fn without(list: &mut Value, names: &[&str]) {
    for item in list.as_array_mut().into_iter().flatten() {
        for name in names {
            item.as_object_mut().expect("an object").remove(*name);
        }
    }
}

fn sort(list: &mut Value, key: impl Fn(&Value) -> String) {
    if let Value::Array(items) = list {
        items.sort_by_key(|item| key(item));
    }
}

fn by_name(item: &Value) -> String {
    item["name"].as_str().expect("a name").to_owned()
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("a folder")
        .map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"))
        .filter_map(|file| file.strip_suffix(".json").map(str::to_owned))
        .filter(|name| name != "differences")
        .collect();
    names.sort();
    names
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

fn folder() -> PathBuf {
    root().join("tests/data/bootstrap")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

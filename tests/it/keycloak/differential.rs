//! Random settings, asked both ways: what is answered without Keycloak is what Keycloak answers.

use std::collections::BTreeMap;

use fastrand::Rng;
use gatecloak::authz::{
    Answer, ClientFacts, Identity, KeycloakVersion, Model, ResourceId, ResourceServer, Settings,
    Surroundings, UmaRequest, UmaSubject,
};
use serde_json::{Value, json};

use super::admin::{Realm, claims};
use super::keycloak;
use super::server::Keycloak;

const MODELS: usize = 3;
const QUESTIONS: usize = 40;
const SCOPES: [&str; 4] = ["view", "edit", "delete", "share"];
const USERS: [&str; 3] = ["alice", "bob", "carol"];

/// `GATECLOAK_SEED` repeats a run.
fn seed() -> u64 {
    let given = std::env::var("GATECLOAK_SEED").ok();
    given.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"))
}

#[test]
fn random_settings_are_evaluated_as_keycloak_does() {
    let Some(server) = keycloak() else { return };
    compare(server, seed());
}

/// Of a seed that is known to bring both, so that the comparison is about something.
#[test]
fn grants_and_refusals_are_among_what_is_compared() {
    let Some(server) = keycloak() else { return };
    let (local, granted) = compare(server, 1);
    assert!(local > MODELS * QUESTIONS / 4 && granted > 0, "{local} local, {granted} granted");
}

/// Asks both ways; gives how many were decided here, and how many of those were granted.
fn compare(server: &'static Keycloak, seed: u64) -> (usize, usize) {
    let mut rng = Rng::with_seed(seed);
    let (mut local, mut granted) = (0, 0);
    for number in 0..MODELS {
        let settings = random_settings(&mut rng);
        let scene = Imported::new(Realm::create(server, |realm| import(realm, &settings)));
        for question in 0..QUESTIONS {
            let user = rng.usize(..USERS.len());
            let form = scene.question(&mut rng);
            let Answer::Local(ours) = scene.ours(user, &form) else { continue };
            let theirs = scene.theirs(user, &form);
            local += 1;
            granted += usize::from(theirs["status"] == 200);
            assert_eq!(
                normal(ours.to_json()),
                normal(theirs),
                "GATECLOAK_SEED={seed}: model {number}, question {question}: {} asks {form:?} of {}",
                USERS[user],
                scene.exported
            );
        }
    }
    (local, granted)
}

/// A realm with random settings, and what is known of it here.
struct Imported {
    realm: Realm,
    exported: Value,
    model: Model,
    tokens: Vec<String>,
}

impl Imported {
    fn new(realm: Realm) -> Self {
        let client = realm.client("gateway");
        let server = realm.path(&format!("/clients/{client}/authz/resource-server"));
        let exported = realm.admin().get(&format!("{server}/settings"));
        let ids = realm.admin().get(&format!("{server}/resource?deep=false&max=-1"));
        let ids = ids.as_array().expect("a list").iter().map(|resource| ResourceId {
            id: text(&resource["_id"]),
            name: text(&resource["name"]),
            owner: text(&resource["owner"]["name"]),
        });
        let surroundings = Surroundings {
            resource_server: Some(ResourceServer { client_id: "gateway".to_owned(), id: client.clone() }),
            resource_ids: ids.collect(),
            clients: [("web".to_owned(), ClientFacts { public: Some(true) })].into(),
            user_ids: BTreeMap::new(),
            time_zone: None,
            promises: Default::default(),
            version: KeycloakVersion::Current,
        };
        let settings = Settings::parse(exported.to_string().as_bytes()).expect("settings");
        let model = Model::compile(settings, surroundings).expect("a model");
        let tokens = USERS.iter().map(|user| realm.access_token(user)).collect();
        Self { realm, exported, model, tokens }
    }

    /// A form of the UMA-ticket grant.
    fn question(&self, rng: &mut Rng) -> Vec<(String, String)> {
        let mut form = vec![("audience".to_owned(), "gateway".to_owned())];
        let resources = self.model.resources();
        for _ in 0..rng.usize(0..3) {
            let resource = if rng.usize(..8) == 0 || resources.is_empty() {
                "nothing".to_owned()
            } else {
                resources[rng.usize(..resources.len())].name().to_owned()
            };
            let scopes = some_of(rng, &SCOPES);
            let value = if scopes.is_empty() { resource } else { format!("{resource}#{}", scopes.join(",")) };
            form.push(("permission".to_owned(), value));
        }
        let mode = if rng.bool() { "permissions" } else { "decision" };
        form.push(("response_mode".to_owned(), mode.to_owned()));
        form.push(("response_include_resource_name".to_owned(), "true".to_owned()));
        form
    }

    fn ours(&self, user: usize, form: &[(String, String)]) -> Answer {
        let claims = claims(&self.tokens[user]);
        let identity = Identity::from_claims(&claims).expect("an identity");
        let now = serde_json::from_slice::<Value>(&claims).expect("claims")["iat"].as_i64().expect("a time");
        self.model.answer(&UmaRequest { subject: UmaSubject::Bearer(&identity), now, form })
    }

    fn theirs(&self, user: usize, form: &[(String, String)]) -> Value {
        let mut all = vec![("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket")];
        all.extend(form.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let (status, body) = self.realm.token_endpoint(&all, Some(&self.tokens[user]));
        match body {
            Value::Array(_) => json!({ "status": status, "permissions": body }),
            Value::Object(mut members) => {
                members.insert("status".to_owned(), json!(status));
                Value::Object(members)
            }
            other => panic!("{other}"),
        }
    }
}

/// Into the gateway's client.
fn import(realm: &mut Value, settings: &Value) {
    let clients = realm["clients"].as_array_mut().expect("clients");
    let gateway =
        clients.iter_mut().find(|client| client["clientId"] == "gateway").expect("the gateway's client");
    gateway["authorizationSettings"] = settings.clone();
}

/// Settings of every kind of policy that can be imported, and everything that combines them.
fn random_settings(rng: &mut Rng) -> Value {
    let scope_list =
        |names: &[&str]| -> Vec<Value> { names.iter().map(|name| json!({ "name": name })).collect() };
    let types = ["urn:doc", "urn:photo"];
    let mut resources = Vec::new();
    for number in 0..rng.usize(2..6) {
        let mut resource = json!({
            "name": format!("res{number}"), "uris": [format!("/res{number}/*")],
            "scopes": scope_list(&some_of(rng, &SCOPES)),
        });
        if rng.bool() {
            resource["type"] = json!(types[rng.usize(..types.len())]);
        }
        resources.push(resource);
    }
    let resource_names: Vec<String> = resources.iter().map(|resource| text(&resource["name"])).collect();
    let mut policies = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for number in 0..rng.usize(3..8) {
        let name = format!("policy{number}");
        policies.push(random_policy(rng, &name));
        names.push(name);
    }
    // What an aggregate is made of is used by no other, or Keycloak takes it for a circle.
    if names.len() > 4 {
        let parts: Vec<String> = names.split_off(names.len() - 2);
        policies.push(policy(
            rng,
            "aggregate",
            "aggregate",
            json!({ "applyPolicies": json!(parts).to_string() }),
        ));
        names.push("aggregate".to_owned());
    }
    for number in 0..rng.usize(3..8) {
        let name = format!("permission{number}");
        let mut config = json!({ "applyPolicies": json!(some_of(rng, &names)).to_string() });
        let on_resource = json!([resource_names[rng.usize(..resource_names.len())]]).to_string();
        let kind = if rng.bool() { "scope" } else { "resource" };
        match (kind, rng.usize(..3)) {
            ("resource", 0) => config["defaultResourceType"] = json!(types[rng.usize(..types.len())]),
            ("resource", _) => config["resources"] = json!(on_resource),
            (_, number) => {
                config["scopes"] = json!(json!([SCOPES[rng.usize(..SCOPES.len())]]).to_string());
                if number > 0 {
                    config["resources"] = json!(on_resource);
                }
            }
        }
        policies.push(policy(rng, &name, kind, config));
    }
    let modes = ["ENFORCING", "ENFORCING", "PERMISSIVE"];
    let strategies = ["UNANIMOUS", "AFFIRMATIVE"];
    json!({
        "policyEnforcementMode": modes[rng.usize(..modes.len())],
        "decisionStrategy": strategies[rng.usize(..strategies.len())],
        "allowRemoteResourceManagement": true,
        "scopes": scope_list(&SCOPES), "resources": resources, "policies": policies,
    })
}

fn policy(rng: &mut Rng, name: &str, kind: &str, config: Value) -> Value {
    let strategies = ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"];
    let logic = if rng.usize(..4) == 0 { "NEGATIVE" } else { "POSITIVE" };
    json!({
        "name": name, "type": kind, "logic": logic,
        "decisionStrategy": strategies[rng.usize(..strategies.len())], "config": config,
    })
}

fn random_policy(rng: &mut Rng, name: &str) -> Value {
    let required = rng.bool();
    let (kind, config) = match rng.usize(..8) {
        0 | 1 => {
            let roles: Vec<Value> = some_of(rng, &["reader", "manager"])
                .into_iter()
                .map(|role| json!({ "id": role, "required": required }))
                .collect();
            ("role", json!({ "roles": Value::Array(roles).to_string() }))
        }
        2 => ("user", json!({ "users": json!(some_of(rng, &USERS)).to_string() })),
        3 => ("client", json!({ "clients": json!(some_of(rng, &["web", "batch"])).to_string() })),
        4 => {
            let groups = json!([{ "path": "/staff", "extendChildren": rng.bool() }]).to_string();
            ("group", json!({ "groups": groups, "groupsClaim": "groups" }))
        }
        5 => {
            let scopes = json!([{ "id": "email", "required": required }]).to_string();
            ("client-scope", json!({ "clientScopes": scopes }))
        }
        6 => {
            let (nbf, noa) = if rng.bool() {
                ("2020-01-01 00:00:00", "")
            } else {
                ("2019-01-01 00:00:00", "2020-01-01 00:00:00")
            };
            let mut config = json!({ "nbf": nbf });
            if !noa.is_empty() {
                config["noa"] = json!(noa);
            }
            ("time", config)
        }
        _ => {
            let (claim, pattern) =
                if rng.bool() { ("preferred_username", "[a-b].*") } else { ("email", ".+@example\\.org") };
            ("regex", json!({ "targetClaim": claim, "pattern": pattern }))
        }
    };
    policy(rng, name, kind, config)
}

/// None, some or all of these, in their order.
fn some_of<T: Clone>(rng: &mut Rng, all: &[T]) -> Vec<T> {
    all.iter().filter(|_| rng.bool()).cloned().collect()
}

/// Entries and scopes have no order.
fn normal(mut answer: Value) -> Value {
    if let Some(entries) = answer.get_mut("permissions").and_then(Value::as_array_mut) {
        for entry in entries.iter_mut() {
            if let Some(scopes) = entry.get_mut("scopes").and_then(Value::as_array_mut) {
                scopes.sort_by_key(Value::to_string);
            }
        }
        entries.sort_by_key(Value::to_string);
    }
    answer
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

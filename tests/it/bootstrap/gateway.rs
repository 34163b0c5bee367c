//! The whole way of a gateway: the account, what it brings about, what is taken away, and how commands end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bench::{ADMIN, Bench, Running};
use crate::admin::Scene;

/// More wanted state, of every kind that takes a right of its own.
const MORE: &str = "
realm_roles:
- name: reader
  description: Reads
  attributes: {level: ['2']}
client_scopes:
- name: orders
  assignment: optional
clients:
- client_id: job
  service_accounts_enabled: true
  default_client_scopes: [gateway-audience, basic, roles]
  client_scopes_behavior: idempotent
  service_account: {realm_roles: [reader]}
  roles: [{name: run}]
groups:
- path: /staff/sales
  roles: {realm_roles: [reader], client_roles: {job: [run]}}
";

fn ids(scene: &Scene) -> Vec<String> {
    let realm = &scene.realm;
    let mut found = Vec::new();
    for client in ["gateway", "job"] {
        found.extend(scene.run(realm.clients().id(client)).expect("an answer"));
    }
    for scope in ["orders", "gateway-audience"] {
        found.extend(scene.run(realm.client_scopes().id(scope)).expect("an answer"));
    }
    for group in ["/staff", "/staff/sales"] {
        let group = scene.run(realm.groups().by_path(group)).expect("an answer");
        found.extend(group.map(|group| group["id"].as_str().expect("an id").to_owned()));
    }
    found.extend(scene.run(realm.roles().id("reader")).ok());
    found
}

#[test]
fn init_makes_an_account_and_apply_works_with_just_that() {
    let Some(bench) = Bench::new() else { return };
    bench.write("more.yaml", MORE);
    bench.configure("client_secret = \"file:bootstrap-secret\"", "files = [\"more.yaml\"]");
    let said = bench.say(&["bootstrap", "init", "--secret-file", "bootstrap-secret"]).ended(0);
    assert!(said.data.is_empty() && said.talk.contains("manage-clients"), "{said:?}");
    let secret = bench.read("bootstrap-secret");
    assert!(secret.len() > 20 && !said.talk.contains(&secret));
    // Again: the same account, and the secret as it was.
    let again = bench.say(&["bootstrap", "init"]).ended(0);
    assert_eq!(again.data.trim_end(), secret);
    let scene = &bench.scene;
    let applied = bench.say(&["bootstrap", "apply"]).ended(0);
    assert!(!applied.data.contains(&secret) && ids(scene).len() == 7, "{applied:?}");
    let left = bench.say(&["bootstrap", "plan"]).ended(0);
    assert!(left.data.starts_with("0 to create, 0 to update"), "{left:?}");
    // The gateway's client works with the secret that was written.
    let (gateway, secret) = ("gateway", bench.read("client-secret"));
    let (status, _) = scene.token_endpoint(&[
        ("grant_type", "client_credentials"),
        ("client_id", gateway),
        ("client_secret", &secret),
    ]);
    assert_eq!(status, 200);
}

#[test]
fn each_right_of_the_account_is_needed() {
    let Some(bench) = Bench::new() else { return };
    bench.write("more.yaml", MORE);
    bench.configure("client_secret = \"file:bootstrap-secret\"", "files = [\"more.yaml\"]");
    bench.say(&["bootstrap", "init", "--secret-file", "bootstrap-secret"]).ended(0);
    let scene = &bench.scene;
    let (realm, manager) = (&scene.realm, scene.client("realm-management"));
    let account = scene
        .run(realm.clients().service_account_user(&scene.client("gatecloak-bootstrap")))
        .expect("an account");
    let account = realm.user_roles(account["id"].as_str().expect("an id"));
    for role in ["manage-clients", "manage-realm", "manage-users"] {
        let role = json!([scene.run(realm.client_roles(&manager).get(role)).expect("a role")]);
        scene.run(account.remove_client(&manager, &role)).expect("taken");
        let refused = bench.say(&["bootstrap", "apply"]).ended(1);
        assert!(refused.talk.contains("403") || refused.talk.contains("Forbidden"), "{role}: {refused:?}");
        scene.run(account.add_client(&manager, &role)).expect("given");
        bench.say(&["bootstrap", "destroy", "--yes"]).ended(0);
    }
    bench.say(&["bootstrap", "apply"]).ended(0);
}

#[test]
fn destroy_takes_what_was_made_and_nothing_else() {
    let Some(bench) = Bench::new() else { return };
    let scene = &bench.scene;
    let realm = &scene.realm;
    bench.write("more.yaml", MORE);
    bench.configure(ADMIN, "files = [\"more.yaml\"]");
    // These are there before, and so they stay; the role in one that stays goes.
    scene
        .run(async {
            realm.clients().create(&json!({"clientId": "job", "serviceAccountsEnabled": true})).await?;
            realm.roles().create(&json!({"name": "reader"})).await?;
            realm.groups().create(&json!({"name": "staff"}), None).await
        })
        .expect("something that is there");
    bench.say(&["bootstrap", "apply"]).ended(0);
    bench.say(&["bootstrap", "plan"]).ended(0);
    assert_eq!(ids(scene).len(), 7);
    let shown = bench.say(&["bootstrap", "destroy"]).ended(2);
    let expected = [
        "- group `/staff/sales`",
        "- client role `job/run`",
        "- client `gateway`",
        "- client scope `orders`",
        "- client scope `gateway-audience`",
    ];
    assert!(expected.iter().all(|line| shown.data.contains(line)), "{shown:?}");
    assert!(shown.data.contains("5 to delete") && ids(scene).len() == 7, "{shown:?}");
    bench.say(&["bootstrap", "destroy", "--yes"]).ended(0);
    assert_eq!(ids(scene).len(), 3, "client `job`, role `reader` and group `/staff` stay");
    bench.say(&["bootstrap", "destroy"]).ended(0);
    // And all of it comes again.
    bench.say(&["bootstrap", "apply"]).ended(0);
    assert_eq!(ids(scene).len(), 7);
}

#[test]
fn an_export_plans_nothing_and_makes_the_same_elsewhere() {
    let (Some(bench), Some(other)) = (Bench::new(), Bench::new()) else { return };
    bench.write("more.yaml", MORE);
    bench.configure(ADMIN, "files = [\"more.yaml\"]\nclient = { attributes = { \"access.token.lifespan\" = 300 }, redirect_uris = [\"https://a.example.com/*\"], authentication_flow_binding_overrides = { browser_name = \"browser\" } }");
    bench.say(&["bootstrap", "apply"]).ended(0);
    let secret = bench.read("client-secret");
    let exported = bench.say(&["bootstrap", "export"]).ended(0);
    assert!(!exported.data.contains(&secret) && exported.data.contains("browser_name"), "{exported:?}");
    bench.write("export.yaml", &exported.data);
    let planned = bench.say(&["bootstrap", "plan", "export.yaml"]).ended(0);
    assert!(planned.data.starts_with("0 to create, 0 to update"), "{planned:?}");
    // In a realm that has nothing yet, the same comes of it.
    let moved = |text: &str| text.replace(&bench.scene.name, &other.scene.name);
    other.write("export.yaml", &moved(&exported.data));
    other.say(&["bootstrap", "apply", "export.yaml"]).ended(0);
    let words = [
        "bootstrap",
        "export",
        "--json",
        "--realm",
        &other.scene.name,
        "--client",
        "gateway",
        "--client",
        "job",
    ];
    let there: Value = serde_json::from_str(&other.say(&words).ended(0).data).expect("JSON");
    let words = [
        "bootstrap",
        "export",
        "--json",
        "--realm",
        &bench.scene.name,
        "--client",
        "gateway",
        "--client",
        "job",
    ];
    let here: Value = serde_json::from_str(&moved(&bench.say(&words).ended(0).data)).expect("JSON");
    assert_eq!(there, here);
}

#[test]
fn a_server_that_does_not_answer_and_a_login_that_is_not_taken_have_codes_of_their_own() {
    let Some(bench) = Bench::new() else { return };
    bench.configure(&ADMIN.replace("\"admin\"", "\"nobody\""), "");
    bench.say(&["bootstrap", "plan"]).ended(4);
    bench.say(&["bootstrap", "apply"]).ended(4);
    bench.say(&["serve", "--bootstrap"]).ended(4);
    bench.configure(ADMIN, "url = \"http://127.0.0.1:9\"");
    let config = bench.read("gatecloak.toml").replace("wait = \"5s\"", "wait = \"1s\"");
    bench.write("gatecloak.toml", &config);
    bench.say(&["bootstrap", "plan"]).ended(3);
    bench.say(&["serve", "--bootstrap"]).ended(3);
}

#[test]
fn a_gateway_that_serves_sees_what_is_not_as_wanted() {
    let Some(bench) = Bench::new() else { return };
    bench.configure(ADMIN, "drift_check = \"100ms\"");
    let log = bench.write("log", "");
    let file = std::fs::File::create(&log).expect("a file");
    let child = bench.command(&["serve", "--bootstrap"]).stderr(file).spawn().expect("a process");
    let _running = Running(child);
    let until = |part: &str| -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let text = bench.read("log");
            if let Some(line) = text.lines().find(|line| line.contains(part)) {
                return line.to_owned();
            }
            assert!(Instant::now() < end, "no `{part}` in\n{text}");
            std::thread::yield_now();
        }
    };
    let line = until("ops on http://");
    let ops = line
        .split("ops on http://")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).next())
        .expect("an address");
    let scene = &bench.scene;
    let id = scene.client("gateway");
    let secret = bench.read("client-secret");
    scene
        .run(
            scene
                .realm
                .clients()
                .update(&id, &json!({"standardFlowEnabled": true, "secret": "another-one-than-before"})),
        )
        .expect("a drift");
    let line = until("not as the configuration wants it");
    assert!(line.contains("standardFlowEnabled") && line.contains("gateway"), "{line}");
    let log = bench.read("log");
    assert!(!log.contains(&secret) && !log.contains("another-one-than-before"), "{log}");
    let metrics = gatecloak::testing::RawClient::get(ops.parse().expect("an address"), "/metrics", &[])
        .expect("an answer");
    assert!(metrics.text().contains("gatecloak_bootstrap_drift 1"), "{}", metrics.text());
}
